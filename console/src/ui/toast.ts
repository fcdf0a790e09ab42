import { readonly, ref } from 'vue';

export type ToastTone = 'success' | 'warning' | 'error' | 'info';
export interface Toast {
  id: number;
  tone: ToastTone;
  text: string;
  detail: string | null;
}

const list = ref<Toast[]>([]);
let lastId = 0;

/** The notices on screen, oldest first. */
export const toasts = readonly(list);

/** Shows a notice; errors stay twice as long as confirmations. */
export function showToast(tone: ToastTone, text: string, detail: string | null = null): void {
  const id = ++lastId;
  list.value = [...list.value.slice(-2), { id, tone, text, detail }];
  setTimeout(() => closeToast(id), tone === 'success' || tone === 'info' ? 4_000 : 9_000);
}

export function closeToast(id: number): void {
  list.value = list.value.filter((toast) => toast.id !== id);
}
