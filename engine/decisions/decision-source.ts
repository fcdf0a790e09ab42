import type { Expression } from '#engine/core/model.ts';
import { text } from '#engine/definitions/moddle-element.ts';
import type { ModdleElement } from '#engine/definitions/moddle-element.ts';
import type { DmnFile } from './dmn-file.ts';
import type { ColumnType, ValueType } from './model.ts';

/** The text of a cell or expression: FEEL unless `expressionLanguage` or a leading `${` says otherwise; null when empty. */
export function decisionExpression(holder: ModdleElement, elementId: string, file: DmnFile): Expression | null {
  const source = text(holder, 'text');
  if (source === undefined) return null;
  const language = (text(holder, 'expressionLanguage') ?? '').toLowerCase();
  if (language === 'juel' || (language === '' && /^[$#]\{/.test(source))) return { language: 'juel', source };
  if (language === 'javascript') return { language: 'javascript', source };
  // Modellers also write FEEL's namespace, e.g. https://www.omg.org/spec/DMN/20191111/FEEL/.
  if (language === '' || language.includes('feel')) return { language: 'feel', source };
  file.report(elementId, 'SCRIPT_LANGUAGE', { name: language });
  return null;
}

/** Camunda's types, to which it converts what the columns of a table hold. @see https://docs.camunda.org/manual/7.24/user-guide/dmn-engine/data-types/ */
const columns: Readonly<Record<string, ColumnType>> = {
  string: 'string',
  boolean: 'boolean',
  integer: 'integer',
  long: 'long',
  double: 'double',
  number: 'double',
  date: 'date',
};
/** Camunda's names that FEEL does not have, and `date`, which is also a date and time there. */
const camundaOnly: ReadonlySet<string> = new Set(['integer', 'long', 'double', 'date']);

const plainName = (name: string) => name.replace(/^\w+:/, '');

/** The conversion that a column's `typeRef` asks for; undefined when values are taken as they are. */
export function columnType(holder: ModdleElement, elementId: string, file: DmnFile): ValueType | undefined {
  const type = valueType(holder, elementId, file);
  const name = text(holder, 'typeRef');
  const column = name === undefined ? undefined : columns[plainName(name).toLowerCase()];
  return type && column ? { is: 'column', name: column } : undefined;
}

/** The type of a variable, parameter or expression; undefined when it may be anything. */
export function valueType(holder: ModdleElement, elementId: string, file: DmnFile): ValueType | undefined {
  const name = text(holder, 'typeRef');
  if (name === undefined) return undefined;
  const plain = plainName(name);
  const column = columns[plain.toLowerCase()];
  if (column && camundaOnly.has(plain.toLowerCase())) return { is: 'column', name: column };
  const type = file.types.named(name) ?? file.types.named(camelNames[plain.toLowerCase()] ?? plain.toLowerCase());
  if (!type) file.report(elementId, 'DECISION_TYPE_UNSUPPORTED', { name });
  return type?.is === 'any' ? undefined : type;
}

const camelNames: Readonly<Record<string, string>> = {
  any: 'Any',
  datetime: 'date and time',
  dateandtime: 'date and time',
  daytimeduration: 'days and time duration',
  daysandtimeduration: 'days and time duration',
  yearmonthduration: 'years and months duration',
  yearsandmonthsduration: 'years and months duration',
  dateandtimeduration: 'duration',
};
