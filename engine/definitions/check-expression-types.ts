import { inExecutable, ofType } from './bpmn-file.ts';
import type { BpmnFile, Report } from './bpmn-file.ts';
import { one, text } from './moddle-element.ts';
import type { ModdleElement } from './moddle-element.ts';

/** Where BPMN allows prose in a drawing but asks for a formal expression in an executable process. */
const places: [type: string, properties: string[]][] = [
  ['AdHocSubProcess', ['completionCondition']],
  ['Assignment', ['from', 'to']],
  ['ComplexGateway', ['activationCondition']],
  ['ConditionalEventDefinition', ['condition']],
  ['MultiInstanceLoopCharacteristics', ['loopCardinality', 'completionCondition']],
  ['SequenceFlow', ['conditionExpression']],
  ['StandardLoopCharacteristics', ['loopCondition']],
  ['TimerEventDefinition', ['timeDate', 'timeDuration', 'timeCycle']],
];

export function checkExpressionTypes(file: BpmnFile, report: Report): void {
  for (const [type, properties] of places) {
    for (const element of ofType(file, type)) {
      for (const name of properties) {
        const expression = one(element, name);
        if (expression && inExecutable(element) && !isFormal(expression)) report(element, 'EXPRESSION_INFORMAL', { name });
      }
    }
  }
  for (const expression of ofType(file, 'FormalExpression')) {
    if (text(expression, 'body') === undefined && text(expression, 'camunda:resource') === undefined)
      report(expression, 'EXPRESSION_EMPTY', { name: propertyOf(expression) });
  }
}

/** `${…}` and `=…` are no prose, marked or not. */
const isFormal = (expression: ModdleElement) =>
  expression.$type === 'bpmn:FormalExpression' || /^=|[$#]\{/.test(text(expression, 'body') ?? '');

/** The name that the expression has in its parent, e.g. `timeDate`. */
function propertyOf(expression: ModdleElement): string {
  const entry = Object.entries(expression.$parent ?? {}).find(
    ([, value]) => value === expression || (Array.isArray(value) && value.includes(expression)),
  );
  return entry?.[0] ?? '';
}
