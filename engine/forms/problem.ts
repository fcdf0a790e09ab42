/** A reason to refuse a form; `elementId` is the place in the form's files, e.g. `schema/properties/name/pattern`. */
export interface Problem {
  elementId: string | null;
  code: ProblemCode;
  messages: { 'zh-CN': string; en: string };
}

export type ProblemCode =
  | 'FORM_SCHEMA_INVALID'
  | 'FORM_SCHEMA_LIMIT'
  | 'FORM_SCHEMA_REF'
  | 'FORM_PATTERN'
  | 'FORM_LAYOUT_INVALID'
  | 'FORM_SCOPE_UNKNOWN'
  | 'FORM_WIDGET_UNFIT'
  | 'FORM_RULE_INVALID'
  | 'FORM_MESSAGE_MISSING'
  | 'FORM_PERMISSION_INVALID'
  | 'FORM_TOO_SLOW';

export function problem(elementId: string | null, code: ProblemCode, zhCN: string, en: string): Problem {
  return { elementId, code, messages: { 'zh-CN': zhCN, en } };
}
