import type { Expression } from '#engine/core/model.ts';
import { text } from '#engine/definitions/moddle-element.ts';
import type { ModdleElement } from '#engine/definitions/moddle-element.ts';
import type { DecisionCompilation } from './compile-decisions.ts';
import type { DecisionType } from './model.ts';

/** The text of a cell or expression: FEEL unless `expressionLanguage` or a leading `${` says otherwise; null when empty. */
export function decisionExpression(holder: ModdleElement, elementId: string, compilation: DecisionCompilation): Expression | null {
  const source = text(holder, 'text');
  if (source === undefined) return null;
  const language = (text(holder, 'expressionLanguage') ?? '').toLowerCase();
  if (language === 'juel' || (language === '' && /^[$#]\{/.test(source))) return { language: 'juel', source };
  if (language === 'javascript') return { language: 'javascript', source };
  // Modellers also write FEEL's namespace, e.g. https://www.omg.org/spec/DMN/20191111/FEEL/.
  if (language === '' || language.includes('feel')) return { language: 'feel', source };
  compilation.report(elementId, 'SCRIPT_LANGUAGE', { name: language });
  return null;
}

const conversions: Readonly<Record<string, DecisionType | null>> = {
  string: 'string',
  boolean: 'boolean',
  integer: 'integer',
  long: 'long',
  double: 'double',
  number: 'double',
  date: 'date',
  // FEEL types whose values are taken as they are.
  any: null,
  time: null,
  datetime: null,
  dateandtime: null,
  dateandtimeduration: null,
  daytimeduration: null,
  yearmonthduration: null,
  daysandtimeduration: null,
  yearsandmonthsduration: null,
  context: null,
};

/** The conversion that `typeRef` asks for; undefined when values are taken as they are. */
export function typeOf(holder: ModdleElement, elementId: string, compilation: DecisionCompilation): DecisionType | undefined {
  const name = text(holder, 'typeRef');
  if (name === undefined || compilation.ownTypes.has(name)) return undefined;
  const plain = name.replace(/^\w+:/, '').replaceAll(' ', '').toLowerCase();
  if (!Object.hasOwn(conversions, plain)) {
    compilation.report(elementId, 'DECISION_TYPE_UNSUPPORTED', { name });
    return undefined;
  }
  return conversions[plain] ?? undefined;
}
