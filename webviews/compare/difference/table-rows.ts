import { useComputed, useSignal, useSignalEffect, type ReadonlySignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { ComparedRun, RunDetails } from '../../../schemas/webview-protocol.ts';
import type { ComparePage } from '../page.ts';
import { toDifferenceRows } from './difference.ts';
import { followMetricValues } from './metric-values.ts';

/** Histories that are read for a table at once; of more, only those of the rows on screen. */
const mostHistories = 20_000;

/** The rows of the table, and word of those that are on screen. */
export const useDifferenceRows = (page: ComparePage, runs: ReadonlySignal<readonly ComparedRun[]>) => {
  const visible = useSignal<readonly number[]>([]);
  const allKeys = useComputed(() => [...new Set(runs.value.flatMap(({ metrics }) => Object.keys(metrics)))]);
  const wanted = useSignal<readonly string[]>([]);
  const values = useMemo(() => followMetricValues(page, wanted), [page, wanted]);
  useEffect(() => values.dispose, [values]);
  const details = useComputed(() => page.environments.value);
  const onlyDiffering = useComputed(() => page.view.value.onlyDiffering);
  const metricValue = useComputed(() => page.view.value.metricValue);
  const rows = useComputed(() => {
    const options = {
      onlyDiffering: onlyDiffering.value,
      ...(details.value && { details: details.value }),
      ...(metricValue.value !== 'last' && { metricOf: values.valueOf }),
    };
    return toDifferenceRows(runs.value, options);
  });
  useSignalEffect(() => {
    const isFew = allKeys.value.length * runs.value.length <= mostHistories;
    wanted.value = isFew ? allKeys.value : visible.value.flatMap((at) => (rows.peek()[at]?.kind === 'metric' ? [rowKey(rows.peek()[at])] : []));
  });
  return { rows, onVisibleRows: (shown: readonly number[]) => (visible.value = shown) };
};

const rowKey = (row: ReturnType<typeof toDifferenceRows>[number] | undefined): string => (row === undefined || row.kind === 'heading' ? '' : row.key);

/** As many as the host reads at once. */
const mostDetailed = 20;

/** Environments are read from artifacts, and only when somebody wants to see them. */
export const useEnvironment = (page: ComparePage) => {
  const shown = useSignal(false);
  const isOffered = useComputed(() => page.visibleRuns.value.length <= mostDetailed);
  const ids = useComputed(() => (shown.value && isOffered.value ? page.visibleRuns.value.map(({ runId }) => runId).join(' ') : ''));
  useSignalEffect(() => {
    page.environments.value = undefined;
    if (ids.value === '') return undefined;
    const abort = new AbortController();
    const receive = (details: readonly RunDetails[]): void => {
      if (!abort.signal.aborted) page.environments.value = new Map(details.map((one) => [one.runId, one]));
    };
    page.details(ids.value.split(' '), abort.signal).then(receive, (error: unknown) => {
      if (!abort.signal.aborted) page.report(error);
    });
    return () => abort.abort();
  });
  return { isOffered: isOffered.value, isShown: shown.value, show: (show: boolean) => (shown.value = show) };
};
