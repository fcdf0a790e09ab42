import { BpmnModdle } from 'bpmn-moddle';
import camunda from 'camunda-bpmn-moddle/resources/camunda.json' with { type: 'json' };
import type { ModdleElement } from './moddle-element.ts';
import { problem } from './problem.ts';
import type { Problem } from './problem.ts';
import songbai from './songbai-moddle.json' with { type: 'json' };
import { moddleProblem, parseProblem } from './moddle-problems.ts';
import type { ModdleWarning } from './moddle-problems.ts';
import { checkXml } from './xml-guard.ts';

/** Attributes of Camunda 7.24 that its moddle descriptor does not list. */
const missingAttributes = [
  {
    name: 'DecisionVersionTag',
    isAbstract: true,
    extends: ['bpmn:BusinessRuleTask'],
    properties: [{ name: 'decisionRefVersionTag', type: 'String', isAttr: true }],
  },
  {
    name: 'FormVersionTag',
    isAbstract: true,
    extends: ['bpmn:UserTask', 'bpmn:StartEvent'],
    properties: [{ name: 'formRefVersionTag', type: 'String', isAttr: true }],
  },
];
const moddle = new BpmnModdle({ camunda: { ...camunda, types: [...camunda.types, ...missingAttributes] }, songbai });

/** Parses BPMN after the guards of `checkXml`; the definitions are null when nothing can be compiled. */
export async function readBpmn(xml: string): Promise<{ definitions: ModdleElement | null; problems: Problem[] }> {
  const refused = checkXml(xml);
  if (refused) return { definitions: null, problems: [refused] };
  try {
    const { rootElement, warnings } = (await moddle.fromXML(asCamunda(xml))) as unknown as {
      rootElement: ModdleElement;
      warnings: ModdleWarning[];
    };
    if (rootElement?.$type !== 'bpmn:Definitions') return { definitions: null, problems: [problem(null, 'NO_EXECUTABLE_PROCESS')] };
    return { definitions: rootElement, problems: warnings.map(moddleProblem) };
  } catch (error) {
    return { definitions: null, problems: [parseProblem(error)] };
  }
}

/** Models of the Operaton fork differ from Camunda 7's in the namespace only. */
function asCamunda(xml: string): string {
  return xml.replace(/(xmlns:[\w-]+\s*=\s*["'])http:\/\/operaton\.org\/schema\/1\.0\/bpmn(?=["'])/, '$1http://camunda.org/schema/1.0/bpmn');
}
