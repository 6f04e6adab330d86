import type { JSX } from 'preact';
import { formatInteger, formatNumber } from '../../../schemas/format.ts';
import { directionIn, type MetricDirection } from '../../../schemas/metric-direction.ts';
import { Icon } from '../../shared/controls.tsx';
import { Grid, type CellContent } from '../../shared/grid.tsx';
import { styleRuns } from '../../shared/palette.ts';
import type { RunPage } from '../page.ts';
import type { MetricHistories } from './metric-histories.ts';
import { bestOf, type MetricPoint, type MetricSummary } from './metric-summary.ts';
import type { RunMetric } from './metrics-panel.tsx';
import { Sparkline } from './sparkline.tsx';

interface TableProps {
  readonly page: RunPage;
  readonly histories: MetricHistories;
  readonly metrics: readonly RunMetric[];
  readonly label: string;
}

interface Row {
  readonly metric: RunMetric;
  readonly summary: MetricSummary | undefined;
  readonly direction: MetricDirection;
  readonly color: string;
}

interface Column {
  readonly title: string;
  readonly cell: (row: Row) => CellContent;
}

const bestTitle = 'Best';

const columns: readonly Column[] = [
  {
    title: 'History',
    cell: ({ summary, color }) => ({ text: '', title: historyTitle(summary), before: summary && <Sparkline series={summary.series} color={color} /> }),
  },
  { title: 'Last', cell: ({ metric }) => numberCell(metric.value, `at step ${formatInteger(metric.step)}`) },
  {
    title: bestTitle,
    cell: ({ summary, direction }) => ({
      ...pointCell(summary && bestOf(summary, direction), `${direction} is better; Enter or a click changes that`),
      after: <Icon name={direction === 'lower' ? 'arrow-small-down' : 'arrow-small-up'} />,
    }),
  },
  { title: 'Min', cell: ({ summary }) => pointCell(summary?.min) },
  { title: 'Max', cell: ({ summary }) => pointCell(summary?.max) },
  { title: 'Step', cell: ({ metric }) => ({ text: formatInteger(metric.step), title: String(metric.step), className: 'numeric' }) },
];

/** A row per metric, however many there are; a row opens the chart of its metric. */
export const MetricTable = ({ page, histories, metrics, label }: TableProps): JSX.Element => {
  const run = page.run.value;
  const color = (run && styleRuns([run], page.theme.value.hues).get(run.runId)?.color) ?? 'currentColor';
  const said = page.surroundings.value?.directions;
  const summaries = histories.summaries.value;
  const rowAt = (index: number): Row | undefined => {
    const metric = metrics[index];
    return metric && { metric, summary: summaries.get(metric.key), direction: directionIn(said, metric.key), color };
  };
  return (
    <Grid
      label={label}
      rowCount={metrics.length}
      columnCount={columns.length}
      columnWidth={104}
      headerWidth={260}
      corner={{ text: 'Metric' }}
      columnHeader={(column) => ({ text: columns[column]?.title ?? '' })}
      rowHeader={(index) => nameCell(rowAt(index))}
      cell={(index, column) => cellAt(rowAt(index), columns[column])}
      onRow={(index) => {
        const key = metrics[index]?.key;
        if (key !== undefined) void page.ask('compareMetric', { key });
      }}
      onCell={(index, column) => {
        const row = rowAt(index);
        if (row === undefined || columns[column]?.title !== bestTitle) return;
        void page.ask('sayDirection', { key: row.metric.key, direction: row.direction === 'lower' ? 'higher' : 'lower' });
      }}
      onCopy={(text) => page.copy(text, text)}
    />
  );
};

const nameCell = (row: Row | undefined): CellContent => {
  if (row === undefined) return { text: '' };
  const { metric, direction } = row;
  return {
    text: metric.key,
    title: `${metric.key}\n${direction} is better\nEnter or a click opens its chart`,
    className: 'metric-name',
    spoken: `${metric.key}, ${direction} is better`,
  };
};

const cellAt = (row: Row | undefined, column: Column | undefined): CellContent => (row === undefined || column === undefined ? { text: '' } : column.cell(row));

const numberCell = (value: number, where: string): CellContent => ({ text: formatNumber(value), title: `${value}\n${where}`, className: 'numeric' });

const pointCell = (point: MetricPoint | undefined, note?: string): CellContent =>
  point === undefined
    ? { text: '', title: 'Not read yet, or no finite value', className: 'numeric absent' }
    : numberCell(point.value, [`at step ${formatInteger(point.step)}`, ...(note === undefined ? [] : [note])].join('\n'));

const historyTitle = (summary: MetricSummary | undefined): string =>
  summary === undefined ? 'Not read yet' : summary.total === 1 ? '1 point' : `${summary.total.toLocaleString('en-US')} points`;
