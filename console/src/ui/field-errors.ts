import { ref } from 'vue';
import { ApiError } from '../api/problem.ts';
import { useProblem } from './problem.ts';

/** What a form was refused for: a sentence per field by JSON pointer, and one for the whole. */
export function useFieldErrors() {
  const problem = useProblem();
  const fields = ref<Record<string, string>>({});
  const message = ref('');
  return {
    fields,
    message,
    clear(): void {
      fields.value = {};
      message.value = '';
    },
    take(error: unknown): void {
      const errors = error instanceof ApiError ? error.errors : [];
      fields.value = Object.fromEntries(errors.map((one) => [one.pointer, one.message]));
      message.value = errors.length > 0 ? '' : (problem.detail(error) ?? problem.text(error));
    },
  };
}
