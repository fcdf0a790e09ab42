import { computed, ref, shallowRef, triggerRef, watch } from 'vue';
import { fetchAlerts, type Alert } from '../../api/alerts.ts';
import type { Level } from '../../api/tasks.ts';
import { touchClock } from '../../i18n/clock.ts';
import { i18n } from '../../i18n/i18n.ts';
import { listen, type LiveEvents } from '../../live/live.ts';
import { ring, speak, watchGestures } from './alert-sound.ts';

/** Levels 3 and 4 leave the screen by themselves; 1 and 2 wait for a person. */
const STAY_MS: Partial<Record<Level, number>> = { 3: 60_000, 4: 20_000 };

const active = shallowRef(new Map<string, Alert>());
const muted = shallowRef(new Set<string>());
const closed = shallowRef(new Set<string>());
let isOpen = false;
/** Questions asked and alerts pushed so far: an answer that one of them overtook is older than what is on the screen. */
let asked = 0;
let pushed = 0;

const FOLDED = 'songbai.alerts.folded';

/** The pop-ups are folded into one button, over a reload too; a new alert of level 1 or 2 unfolds them. */
export const isFolded = ref(sessionStorage.getItem(FOLDED) === 'yes');
watch(isFolded, (folded) => (folded ? sessionStorage.setItem(FOLDED, 'yes') : sessionStorage.removeItem(FOLDED)), { flush: 'sync' });

/** Most urgent first, then newest first. */
export const byUrgency = (a: Alert, b: Alert): number => a.level - b.level || b.raisedAt - a.raisedAt;

/** Every active alert the caller may see, most urgent first. */
export const activeAlerts = computed(() => [...active.value.values()].filter((alert) => alert.status === 'active').sort(byUrgency));
export const activeAlertCount = computed(() => activeAlerts.value.filter((alert) => !alert.acknowledged).length);
/** What pops up: not taken, not put away; a level 1 that cleared itself stays until somebody has seen it. */
export const popups = computed(() =>
  [...active.value.values()].filter((alert) => !alert.acknowledged && !closed.value.has(alert.id)).sort(byUrgency),
);

export const isMuted = (id: string): boolean => muted.value.has(id);

function soundOut(): void {
  const loud = popups.value.find((alert) => alert.status === 'active' && !muted.value.has(alert.id));
  ring(loud?.level ?? null);
}

/** Silences one alert; it stays on screen. */
export function mute(id: string): void {
  muted.value.add(id);
  triggerRef(muted);
  window.speechSynthesis?.cancel();
  soundOut();
}

/** Puts a pop-up away; the alert itself stays in the list. */
export function dismiss(id: string): void {
  closed.value.add(id);
  triggerRef(closed);
  soundOut();
}

/** What is read aloud: the server's sentence when it is in the page's language, else one of ours. */
export function spokenSentence(alert: Alert): string {
  const { global } = i18n;
  const isChinese = /\p{Script=Han}/u.test(alert.spokenText ?? '');
  if (alert.spokenText && isChinese === (global.locale.value === 'zh-CN')) return alert.spokenText;
  const kindKey = `alertKind.${alert.kind}`;
  return global.t('alerts.spoken', {
    level: global.t(`level.${alert.level}`),
    kind: global.te(kindKey) ? global.t(kindKey) : alert.kind,
    who: alert.elder?.name ?? alert.device?.name ?? alert.subject,
    where: alert.elder?.address ?? alert.area.name,
  });
}

function put(alert: Alert): void {
  active.value.set(alert.id, alert);
  triggerRef(active);
}

function drop(id: string): void {
  active.value.delete(id);
  triggerRef(active);
}

function receive({ op, alert }: LiveEvents['alert']): void {
  touchClock();
  pushed += 1;
  if (op === 'cleared' && alert.level > 1) drop(alert.id);
  else put(alert);
  if (op === 'raised') announce(alert);
  if (op === 'repeated' && alert.level === 1 && closed.value.delete(alert.id)) triggerRef(closed);
  soundOut();
}

function announce(alert: Alert): void {
  // A new rise under the same id is a new alert for the eye and the ear.
  muted.value.delete(alert.id);
  closed.value.delete(alert.id);
  triggerRef(closed);
  if (alert.level <= 2) isFolded.value = false;
  if (alert.level <= 2) speak(spokenSentence(alert), i18n.global.locale.value, alert.level === 1);
  const stay = STAY_MS[alert.level];
  if (stay !== undefined) setTimeout(() => dismiss(alert.id), stay);
}

/** Reads the active alerts again; those that ended meanwhile vanish, except an unseen level 1. */
export async function refreshAlerts(): Promise<void> {
  const question = (asked += 1);
  const known = pushed;
  const page = await fetchAlerts('active').catch(() => null);
  if (page === null || question !== asked) return;
  if (known !== pushed) return refreshAlerts();
  const next = new Map(page.items.map((alert) => [alert.id, alert]));
  for (const [id, alert] of active.value) {
    if (!next.has(id) && alert.level === 1 && alert.status === 'cleared' && !closed.value.has(id)) next.set(id, alert);
  }
  active.value = next;
  soundOut();
}

function closeQuietOnes(): void {
  const quiet = activeAlerts.value.filter((alert) => alert.level > 2);
  for (const alert of quiet) closed.value.add(alert.id);
  triggerRef(closed);
}

/** Starts with the alerts of the signed-in account; called by the shell of roles that handle alerts. */
export function openAlertCenter(): void {
  void refreshAlerts().then(closeQuietOnes);
  if (isOpen) return;
  isOpen = true;
  watchGestures();
  listen('alert', receive);
  listen('reset', () => void refreshAlerts());
  listen('task', (event) => {
    const isOurs = [...active.value.values()].some((alert) => alert.taskId === event.id || alert.instanceId === event.instanceId);
    if (isOurs) void refreshAlerts();
  });
}

/** Forgets everything at sign-out: the next account may not see it. */
export function closeAlertCenter(): void {
  active.value = new Map();
  muted.value = new Set();
  closed.value = new Set();
  isFolded.value = false;
  ring(null);
  window.speechSynthesis?.cancel();
}
