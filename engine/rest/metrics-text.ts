export interface Metric {
  /** Without `_total`, which counters get. */
  name: string;
  type: 'counter' | 'gauge';
  help: string;
  value: number;
}

export const METRICS_TYPE = 'text/plain; version=0.0.4';

/** Prometheus' text format. @see https://prometheus.io/docs/instrumenting/exposition_formats/ */
export function metricsText(metrics: readonly Metric[]): string {
  return metrics
    .map(({ name, type, help, value }) => {
      const full = type === 'counter' ? `${name}_total` : name;
      return `# HELP ${full} ${help}\n# TYPE ${full} ${type}\n${full} ${value}\n`;
    })
    .join('');
}
