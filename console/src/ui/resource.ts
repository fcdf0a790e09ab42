import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue';

export interface Resource<T> {
  data: ShallowRef<T | null>;
  error: ShallowRef<unknown>;
  /** True during the first load only; a reload keeps what is on screen. */
  isLoading: Ref<boolean>;
  load(): Promise<void>;
}

/** Something read from the server: the newest answer wins, a stale one is dropped, a failed reload keeps the old data. */
export function useResource<T>(read: () => Promise<T>): Resource<T> {
  const data = shallowRef<T | null>(null);
  const error = shallowRef<unknown>(null);
  const isLoading = ref(true);
  let round = 0;
  onScopeDispose(() => round++);

  async function load(): Promise<void> {
    const mine = ++round;
    if (data.value === null) isLoading.value = true;
    try {
      const answer = await read();
      if (mine !== round) return;
      data.value = answer;
      error.value = null;
    } catch (cause) {
      if (mine === round) error.value = cause;
    } finally {
      if (mine === round) isLoading.value = false;
    }
  }
  return { data, error, isLoading, load };
}
