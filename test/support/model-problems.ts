import assert from 'node:assert/strict';
import { compileProcesses } from '#engine/definitions/compile-process.ts';
import { isError } from '#engine/definitions/problem.ts';
import type { Problem } from '#engine/definitions/problem.ts';
import { checkExpression } from '#engine/expressions/check-expression.ts';

/** A definitions element around process content; `start → <id> → end` flows are the caller's. */
export const bpmn = (content: string, roots = '') => `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:songbai="https://songbai.example/schema/1.0/bpmn" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="t">
${roots}<bpmn:process id="p" isExecutable="true">${content}</bpmn:process></bpmn:definitions>`;

let flowCount = 0;
export const flow = (from: string, to: string, inner = '', id = `flow${++flowCount}`) =>
  `<bpmn:sequenceFlow id="${id}" sourceRef="${from}" targetRef="${to}">${inner}</bpmn:sequenceFlow>`;
export const condition = (text: string, attributes = '') =>
  `<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression" ${attributes}>${text}</bpmn:conditionExpression>`;
/** The element between a start and an end event. */
export const between = (element: string, id = 'x') =>
  `<bpmn:startEvent id="s"/>${element}<bpmn:endEvent id="e"/>${flow('s', id)}${flow(id, 'e')}`;
export const extension = (content: string) => `<bpmn:extensionElements>${content}</bpmn:extensionElements>`;
export const timer = (kind: string, text: string) =>
  `<bpmn:timerEventDefinition id="t"><bpmn:${kind} xsi:type="bpmn:tFormalExpression">${text}</bpmn:${kind}></bpmn:timerEventDefinition>`;

export const messageBoundary = (id: string) =>
  `<bpmn:boundaryEvent id="${id}" attachedToRef="x"><bpmn:messageEventDefinition id="d${id}" messageRef="m"/></bpmn:boundaryEvent>`;

async function problemsOf(xml: string): Promise<Problem[]> {
  const { models, problems } = await compileProcesses(xml, { checkExpression });
  assert.equal(models.length, problems.some(isError) ? 0 : 1, 'a file with errors must yield no model');
  return problems;
}

export type ModelCase = [situation: string, xml: string, code: string, elementId: string | null];

/** One `describe` for each case: its problem is found, at its element, with sentences whose places are filled in. */
export function itReportsEach(cases: readonly ModelCase[]): void {
  for (const [situation, xml, code, elementId] of cases) {
    describe(`when ${situation}`, () => {
      it(`reports ${code}`, async () => {
        const problems = await problemsOf(xml);
        const found = problems.find((problem) => problem.code === code);
        assert.ok(found, `${code} is missing among ${JSON.stringify(problems)}`);
        assert.equal(found.elementId, elementId);
        for (const message of Object.values(found.messages)) assert.doesNotMatch(message, /(?<![$#])\{\w+\}/);
      });
    });
  }
}
