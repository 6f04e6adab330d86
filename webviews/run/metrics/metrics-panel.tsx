import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { asRecord } from '../../../schemas/compare-charts.ts';
import type { ShownRun } from '../../../schemas/run-protocol.ts';
import { Icon } from '../../shared/controls.tsx';
import { FilterBox, keysWith } from '../filter-box.tsx';
import type { RunPage } from '../page.ts';
import { Section } from '../section.tsx';
import type { MetricHistories } from './metric-histories.ts';
import { MetricTable } from './metric-table.tsx';

export type RunMetric = ShownRun['metrics'][number];

interface PanelProps {
  readonly page: RunPage;
  readonly histories: MetricHistories;
}

const tabId = 'metrics';
/** MLflow's own measurements of the machine. */
const isOfSystem = ({ key }: RunMetric): boolean => key.startsWith('system/');

export const MetricsPanel = ({ page, histories }: PanelProps): JSX.Element | null => {
  const { filter: kept } = asRecord(page.kept.peek()[tabId]);
  const filter = useSignal(typeof kept === 'string' ? kept : '');
  useEffect(() => histories.look(), []);
  const metrics = page.run.value?.metrics ?? [];
  if (metrics.length === 0) return <p class="muted">This run has logged no metrics{page.run.value?.status === 'RUNNING' ? ' yet' : ''}.</p>;
  const found = keysWith(metrics, filter.value);
  const [own, system] = [found.filter((metric) => !isOfSystem(metric)), found.filter(isOfSystem)];
  return (
    <>
      <div class="panel-tools">
        <FilterBox label="Filter metrics" filter={filter} onChange={(text) => page.keep(tabId, { filter: text })} />
        <span class="muted" role="status">
          {found.length === metrics.length ? countOf(metrics.length) : `${found.length.toLocaleString('en-US')} of ${countOf(metrics.length)}`}
        </span>
      </div>
      {histories.failure.value !== undefined && (
        <div class="notice notice-error" role="alert">
          <Icon name="error" />
          <span>Histories cannot be read: {histories.failure.value}</span>
          <button type="button" class="link" onClick={() => histories.retry()}>
            Try Again
          </button>
        </div>
      )}
      {found.length === 0 && <p class="muted">No metric has that in its name.</p>}
      {own.length > 0 && <MetricTable page={page} histories={histories} metrics={own} label="Metrics" />}
      {system.length > 0 && (
        <Section title={`System metrics (${system.length.toLocaleString('en-US')})`}>
          <MetricTable page={page} histories={histories} metrics={system} label="System metrics" />
        </Section>
      )}
    </>
  );
};

const countOf = (count: number): string => (count === 1 ? '1 metric' : `${count.toLocaleString('en-US')} metrics`);
