/** The form format, see forms/README.md. */
export type Locale = 'zh-CN' | 'en';
export const LOCALES = ['zh-CN', 'en'] as const satisfies readonly Locale[];

/** A form as it lies in its folder, in `form_definition.content`, and on the wire. */
export interface FormDefinition {
  schema: JsonSchema;
  ui: UiElement;
  messages: Record<Locale, FormMessages>;
}

export type SchemaType = 'string' | 'number' | 'integer' | 'boolean' | 'array' | 'object' | 'null';

export interface JsonSchema {
  type?: SchemaType | SchemaType[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  format?: string;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  maxItems?: number;
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
  [keyword: string]: unknown;
}

export type LayoutType = 'VerticalLayout' | 'HorizontalLayout' | 'Group' | 'Categorization' | 'Category';

export interface UiElement {
  type: LayoutType | 'Control' | 'Label';
  /** Key into `labels` of the message files; of Group, Category and Label. */
  i18n?: string;
  elements?: UiElement[];
  /** Of a Control: `#/properties/a/properties/b`. */
  scope?: string;
  options?: ControlOptions;
  rule?: Rule;
}

export interface ControlOptions {
  widget?: Widget;
  rows?: number;
  step?: number;
  /** Own field name → property of the picked record. */
  fill?: Record<string, string>;
  /** Candidate table: scope of the array in the data, key property of a row, shown properties. */
  source?: string;
  value?: string;
  columns?: string[];
}

export const WIDGETS = [
  'text',
  'textarea',
  'phone',
  'number',
  'select',
  'radio',
  'checkbox',
  'switch',
  'checkbox-group',
  'date',
  'time',
  'datetime',
  'rating',
  'photo',
  'elder',
  'person',
  'device',
  'candidate-table',
  'position',
  'list',
] as const;
export type Widget = (typeof WIDGETS)[number];

export interface Rule {
  effect: 'SHOW' | 'HIDE' | 'ENABLE' | 'DISABLE';
  condition: Condition;
}
export type Condition = { type: 'AND' | 'OR'; conditions: Condition[] } | LeafCondition;
export interface LeafCondition {
  type?: 'LEAF' | 'SCHEMA';
  scope: string;
  schema?: JsonSchema;
  expectedValue?: unknown;
  failWhenUndefined?: boolean;
}

export interface FormMessages {
  title: string;
  description?: string;
  summary?: string;
  labels?: Record<string, string>;
  fields: Record<string, FieldMessages>;
}
export interface FieldMessages {
  title: string;
  description?: string;
  placeholder?: string;
  enum?: Record<string, string>;
  errors?: Record<string, string>;
}

export type FormData = Record<string, unknown>;

/** One error of one field; `pointer` '' is the form as a whole. */
export interface FormError {
  pointer: string;
  keyword: string;
  message: string;
}

/** What ajv reports; the validator module's errors have this shape. */
export interface SchemaError {
  instancePath: string;
  schemaPath: string;
  keyword: string;
  params: Record<string, unknown>;
}
export interface Validate {
  (data: unknown): boolean;
  errors?: SchemaError[] | null;
}

/** What a validator module exports: the form's schema, and each rule condition's schema in the order of `collectConditions`. */
export interface ValidatorModule {
  validate: Validate;
  conditions: Validate[];
}
