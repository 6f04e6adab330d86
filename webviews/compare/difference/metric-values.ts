import { computed, effect, signal, type ReadonlySignal } from '@preact/signals';
import { isDrawable } from '../../../schemas/format.ts';
import type { ComparedRun } from '../../../schemas/webview-protocol.ts';
import type { Series } from '../../shared/histories.ts';
import type { Histories } from '../histories/entry.ts';
import type { ComparePage } from '../page.ts';

/** Reads histories of the metrics that are looked at. One bucket of a history holds its smallest and its largest value. */
export const followMetricValues = (page: ComparePage, keys: ReadonlySignal<readonly string[]>) => {
  const followed = signal<ReadonlyMap<string, ReadonlySignal<Histories>>>(new Map());
  const metricValue = computed(() => page.view.value.metricValue);
  const wanted = computed(() => (metricValue.value === 'last' ? '' : JSON.stringify(keys.value)));
  const dispose = effect(() => {
    const watches = (wanted.value === '' ? [] : keys.peek()).map((key) => [key, page.histories.watch({ key, buckets: 1 })] as const);
    followed.value = new Map(watches.map(([key, { histories }]) => [key, histories]));
    return () => {
      for (const [, watch] of watches) watch.dispose();
    };
  });
  /** Undefined while it is read, and where there is none. */
  const valueOf = (run: ComparedRun, key: string): number | undefined => {
    const which = metricValue.value;
    if (which === 'last') return Object.hasOwn(run.metrics, key) ? run.metrics[key] : undefined;
    const series = followed.value.get(key)?.value.series.get(run.runId);
    return series && pickValue(series, which === 'best' ? (page.directionOf(key) === 'lower' ? 'min' : 'max') : which);
  };
  return { valueOf, dispose };
};

export const pickValue = ({ values }: Pick<Series, 'values'>, which: 'min' | 'max'): number | undefined => {
  const drawable = values.filter(isDrawable);
  if (drawable.length === 0) return values.at(-1);
  return drawable.reduce((best, value) => (which === 'min' ? Math.min(best, value) : Math.max(best, value)));
};
