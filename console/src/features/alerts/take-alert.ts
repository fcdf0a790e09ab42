import { useI18n } from 'vue-i18n';
import { useRouter } from 'vue-router';
import type { Alert } from '../../api/alerts.ts';
import { ApiError } from '../../api/problem.ts';
import { claimTask } from '../../api/tasks.ts';
import { useProblem } from '../../ui/problem.ts';
import { showToast } from '../../ui/toast.ts';
import { dismiss, mute, refreshAlerts } from './alert-center.ts';

/** The three answers to an alert: take it, look at it, silence it. */
export function useAlertActions() {
  const { t } = useI18n();
  const router = useRouter();
  const problem = useProblem();

  async function open(alert: Alert): Promise<void> {
    if (alert.taskId !== null) await router.push({ name: 'inbox', params: { taskId: alert.taskId } });
    else if (alert.instanceId !== null) await router.push({ name: 'instance', params: { id: alert.instanceId } });
    else await router.push({ name: 'alerts' });
  }

  async function take(alert: Alert): Promise<void> {
    mute(alert.id);
    try {
      if (alert.taskId !== null) await claimTask(alert.taskId);
      dismiss(alert.id);
      await open(alert);
    } catch (error) {
      const isTaken = error instanceof ApiError && (error.status === 409 || error.status === 404);
      if (isTaken) dismiss(alert.id);
      showToast(isTaken ? 'warning' : 'error', isTaken ? t('alerts.taken') : problem.text(error), problem.detail(error));
      if (isTaken) await open(alert);
    } finally {
      void refreshAlerts();
    }
  }

  return { open, take, silence: (alert: Alert): void => mute(alert.id) };
}
