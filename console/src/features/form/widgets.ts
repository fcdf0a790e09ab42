import { defineAsyncComponent, type Component } from 'vue';
import type { Widget } from '#forms/runtime/form.ts';
import CheckboxWidget from './widgets/CheckboxWidget.vue';
import ChoiceWidget from './widgets/ChoiceWidget.vue';
import NumberWidget from './widgets/NumberWidget.vue';
import SelectWidget from './widgets/SelectWidget.vue';
import TextWidget from './widgets/TextWidget.vue';

const DateWidget = defineAsyncComponent(() => import('./widgets/DateWidget.vue'));
const PickerWidget = defineAsyncComponent(() => import('./widgets/PickerWidget.vue'));

/** The table is the registry; a widget without a component does not compile. What is seldom or heavy is loaded when needed. */
export const widgetComponents = {
  text: TextWidget,
  textarea: TextWidget,
  phone: TextWidget,
  number: NumberWidget,
  select: SelectWidget,
  radio: ChoiceWidget,
  checkbox: CheckboxWidget,
  switch: CheckboxWidget,
  'checkbox-group': ChoiceWidget,
  date: DateWidget,
  time: DateWidget,
  datetime: DateWidget,
  rating: defineAsyncComponent(() => import('./widgets/RatingWidget.vue')),
  photo: defineAsyncComponent(() => import('./widgets/PhotoWidget.vue')),
  elder: PickerWidget,
  person: PickerWidget,
  device: PickerWidget,
  'candidate-table': defineAsyncComponent(() => import('./widgets/CandidateTableWidget.vue')),
  position: defineAsyncComponent(() => import('./widgets/PositionWidget.vue')),
  list: defineAsyncComponent(() => import('./widgets/ListWidget.vue')),
} as const satisfies Record<Widget, Component>;

/** Widgets that are several inputs under one legend. */
export const GROUP_WIDGETS: ReadonlySet<Widget> = new Set(['radio', 'checkbox-group', 'photo', 'candidate-table', 'position', 'list']);
