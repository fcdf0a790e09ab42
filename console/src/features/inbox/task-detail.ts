import { computed, ref, shallowRef, watch, type Ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { ApiError, type FieldError } from '../../api/problem.ts';
import { claimTask, completeTask, fetchTask, unclaimTask, type TaskCard, type TaskDetail } from '../../api/tasks.ts';
import { useLive } from '../../live/live.ts';
import { useProblem } from '../../ui/problem.ts';
import { useResource } from '../../ui/resource.ts';
import { showToast } from '../../ui/toast.ts';

/** How the task on screen relates to the server's: somebody else may have moved it meanwhile. */
export type Staleness = 'fresh' | 'changed' | 'ended';

/** The open task and the three things one can do with it; the server's answer is shown, nothing is assumed. */
export function useTaskDetail(id: Ref<string | null>, onDone: (next: TaskCard | null) => void) {
  const { t } = useI18n();
  const problem = useProblem();
  const detail = useResource<TaskDetail | null>(async () => (id.value === null ? null : fetchTask(id.value)));
  const staleness = ref<Staleness>('fresh');
  const isBusy = ref(false);
  const fieldErrors = shallowRef<FieldError[]>([]);
  /** Grows when the form has to be rebuilt from new data. */
  const formRound = ref(0);
  const task = computed(() => (detail.data.value?.id === id.value ? detail.data.value : null));

  async function reload(): Promise<void> {
    staleness.value = 'fresh';
    fieldErrors.value = [];
    await detail.load();
    formRound.value++;
  }

  watch(
    id,
    () => {
      detail.data.value = null;
      detail.error.value = null;
      void reload();
    },
    { immediate: true },
  );

  useLive('task', (event) => {
    if (event.id !== id.value || isBusy.value) return;
    if (event.op === 'ended') staleness.value = 'ended';
    // Whoever is not filling in the form sees the news at once; the others decide themselves.
    else if (task.value?.canComplete) void checkRevision();
    else void reload();
  });

  async function checkRevision(): Promise<void> {
    const known = task.value;
    if (!known) return;
    const current = await fetchTask(known.id).catch(() => null);
    if (current && current.id === id.value && current.rev !== known.rev && !isBusy.value) staleness.value = 'changed';
  }

  function report(error: unknown): void {
    const isLost = error instanceof ApiError && error.status === 409;
    showToast(isLost ? 'warning' : 'error', isLost ? t('task.lost') : problem.text(error), problem.detail(error));
    if (isLost) void reload();
  }

  async function run(action: () => Promise<void>): Promise<void> {
    if (isBusy.value) return;
    isBusy.value = true;
    try {
      await action();
    } catch (error) {
      report(error);
    } finally {
      isBusy.value = false;
    }
  }

  const claim = (): Promise<void> =>
    run(async () => {
      if (!task.value) return;
      await claimTask(task.value.id, task.value.rev);
      await reload();
      showToast('success', t('task.claimed'));
    });

  const unclaim = (): Promise<void> =>
    run(async () => {
      if (!task.value) return;
      await unclaimTask(task.value.id, task.value.rev);
      await reload();
      showToast('success', t('task.released'));
    });

  const complete = (data: Record<string, unknown>): Promise<void> =>
    run(async () => {
      const open = task.value;
      if (!open) return;
      fieldErrors.value = [];
      try {
        const { next } = await completeTask(open.id, data, open.rev);
        showToast('success', t('task.completed', { name: open.name }));
        onDone(next);
      } catch (error) {
        const isInvalid = error instanceof ApiError && error.status === 422 && error.errors.length > 0;
        if (!isInvalid) throw error;
        fieldErrors.value = error.errors;
        showToast('warning', t('task.invalid', { n: error.errors.length }));
      }
    });

  return {
    task,
    isLoading: detail.isLoading,
    error: detail.error,
    staleness,
    isBusy,
    fieldErrors,
    formRound,
    reload,
    claim,
    unclaim,
    complete,
  };
}
