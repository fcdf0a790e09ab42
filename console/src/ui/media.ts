import { readonly, ref, type Ref } from 'vue';

function matches(query: string): Readonly<Ref<boolean>> {
  const media = window.matchMedia(query);
  const state = ref(media.matches);
  media.addEventListener('change', (event) => (state.value = event.matches));
  return readonly(state);
}

/** Phone width: lists and details are pages of their own. */
export const isPhone = matches('(max-width: 767px)');
/** Room for the summary beside the detail. */
export const isWide = matches('(min-width: 1200px)');
