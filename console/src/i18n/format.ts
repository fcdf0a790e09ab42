import { computed } from 'vue';
import { useI18n } from 'vue-i18n';
import { now } from './clock.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Dates, ages and durations in the page's language; every time is an epoch in ms. */
export function useFormat() {
  const { t, locale } = useI18n();
  const formats = computed(() => {
    // "11/23" reads as two different days in English; a named month does not.
    const month = locale.value === 'en' ? 'short' : '2-digit';
    const moment = { month, day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
    return {
      full: new Intl.DateTimeFormat(locale.value, { year: 'numeric', ...moment }),
      short: new Intl.DateTimeFormat(locale.value, moment),
    };
  });

  function duration(ms: number): string {
    const span = Math.abs(ms);
    if (span < MINUTE) return t('time.seconds', { n: Math.max(1, Math.round(span / 1000)) });
    if (span < HOUR) return t('time.minutes', { n: Math.floor(span / MINUTE) });
    if (span < DAY) {
      const minutes = Math.floor((span % HOUR) / MINUTE);
      const hours = Math.floor(span / HOUR);
      return minutes === 0 || hours >= 6 ? t('time.hours', { n: hours }) : t('time.hoursMinutes', { h: hours, m: minutes });
    }
    return t('time.days', { n: Math.floor(span / DAY) });
  }

  return {
    dateTime: (at: number): string => formats.value.full.format(at),
    shortDateTime: (at: number): string => formats.value.short.format(at),
    duration,
    /** "3 分钟前"; under a minute it is "刚刚". */
    age: (at: number): string => (now.value - at < MINUTE ? t('time.justNow') : t('time.ago', { span: duration(now.value - at) })),
    /** Time to a due date: "剩 20 分钟" or "超时 5 分钟". */
    due: (at: number): string => t(at >= now.value ? 'time.left' : 'time.over', { span: duration(at - now.value) }),
    /** A value of any JSON type on one line. */
    value(value: unknown): string {
      if (value === null || value === undefined || value === '') return '—';
      if (typeof value === 'boolean') return t(value ? 'value.yes' : 'value.no');
      return typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value);
    },
  };
}
