export type FieldAccess = 'hidden' | 'readonly' | 'editable' | 'required';

/** Where a form's definition and its validator module are; both are immutable per hash. */
export interface FormRef {
  key: string;
  version: number;
  hash: string;
  definitionUrl: string;
  moduleUrl: string;
}
