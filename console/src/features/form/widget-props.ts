import type { FieldInfo } from '#forms/runtime/compile-form.ts';

/** What each widget gets; it tells a new value by `update`, undefined = empty. */
export interface WidgetProps {
  field: FieldInfo;
  value: unknown;
  inputId: string;
  labelId: string;
  isDisabled: boolean;
  /** Ids of the help and error texts, for `aria-describedby`. */
  describedBy: string | undefined;
  isInvalid: boolean;
  isRequired: boolean;
}

export type WidgetEmits = { update: [value: unknown] };
