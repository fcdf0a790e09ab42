import { watchPostEffect, type Ref } from 'vue';
import type { WidgetProps } from './widget-props.ts';

const INNER = 'input, textarea, [role="slider"]';

/** Puts `aria-*` onto the element inside a kit component that really takes the focus; the kit leaves them on its frame. */
export function useInnerAria(frame: Ref<HTMLElement | null>, props: WidgetProps): void {
  watchPostEffect(() => {
    const attributes = {
      'aria-describedby': props.describedBy,
      'aria-invalid': props.isInvalid ? 'true' : undefined,
      'aria-required': props.isRequired ? 'true' : undefined,
    };
    const inner = frame.value?.querySelector(INNER);
    if (!inner) return;
    for (const [name, value] of Object.entries(attributes)) {
      if (value === undefined) inner.removeAttribute(name);
      else inner.setAttribute(name, value);
    }
  });
}
