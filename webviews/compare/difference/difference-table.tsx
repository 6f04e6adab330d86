import { useComputed } from '@preact/signals';
import type { JSX } from 'preact';
import { formatDelta, formatNumber } from '../../../schemas/format.ts';
import type { ComparedRun } from '../../../schemas/webview-protocol.ts';
import { Checkbox, IconButton, Select, type Choice } from '../../shared/controls.tsx';
import { Grid, type CellContent } from '../../shared/grid.tsx';
import { toTsv, type DifferenceRow } from './difference.ts';
import { ExplainButton, ExplainedPair } from './explanation.tsx';
import type { MetricValue } from './metric-value.ts';
import { useDifferenceRows, useEnvironment } from './table-rows.ts';
import { usePage, useView, type ComparePage } from '../page.ts';
import { RunSwatch } from '../run-swatch.tsx';

export const DifferenceTable = (): JSX.Element => {
  const page = usePage();
  const [onlyDiffering, metricValue] = [useView('onlyDiffering'), useView('metricValue')];
  const shown = useComputed(() => (page.brush.value?.cardId === tableId ? page.shownRuns.value : page.visibleRuns.value));
  const { rows, onVisibleRows } = useDifferenceRows(page, shown);
  const environment = useEnvironment(page);
  const runs = shown.value;
  const wide = runs.length > 0 && innerWidth > 600;
  const isEmpty = rows.value.length === 0;
  return (
    <section class="difference" aria-label="Differences">
      <header class="section-bar">
        <h2 class="section-title">Params, metrics and tags</h2>
        <Checkbox label="Only differing" checked={onlyDiffering} onChange={(checked) => page.change({ onlyDiffering: checked })} />
        <Select label="Metrics" value={metricValue} choices={valueChoices} onChange={(value) => page.change({ metricValue: value })} />
        {environment.isOffered && <Checkbox label="Environment" checked={environment.isShown} onChange={environment.show} />}
        <span class="spring" />
        <ExplainButton />
        <IconButton icon="copy" label="Copy the table as tab-separated values" onClick={() => page.copy(toTsv(rows.value, runs), 'the table')} />
      </header>
      <ExplainedPair />
      {isEmpty ? (
        <p class="card-message">{runs.length === 0 ? 'No run is shown.' : 'The shown runs have the same params, metrics and tags.'}</p>
      ) : (
        <Grid
          label="Params, metrics and tags of each run"
          rowCount={rows.value.length}
          columnCount={runs.length}
          columnWidth={wide ? 150 : 120}
          headerWidth={wide ? 220 : 130}
          corner={{ text: 'Name' }}
          columnHeader={(column) => runHeader(page, runs[column])}
          rowHeader={(row) => rowHeader(page, rows.value[row])}
          cell={(row, column) => cellOf(page, rows.value[row], runs[column])}
          isHeading={(row) => rows.value[row]?.kind === 'heading'}
          onRow={(row) => flipDirection(page, rows.value[row])}
          onColumn={(column) => chooseRun(page, runs[column])}
          onCopy={(text) => page.copy(text, 'the value')}
          onVisibleRows={onVisibleRows}
        />
      )}
    </section>
  );
};

/** By which a brush names the table, as it names a card. */
const tableId = 'table';

const valueChoices: readonly Choice<MetricValue>[] = [
  { value: 'last', label: 'Last' },
  { value: 'best', label: 'Best' },
  { value: 'min', label: 'Lowest' },
  { value: 'max', label: 'Highest' },
];

const runHeader = (page: ComparePage, run: ComparedRun | undefined): CellContent => {
  const style = run && page.styles.value.get(run.runId);
  if (run === undefined || style === undefined) return { text: '' };
  const isReference = page.reference.value?.runId === run.runId;
  const brush = page.brush.value;
  const isOutside = brush?.cardId === tableId && !brush.runIds.has(run.runId);
  return {
    text: run.name,
    before: <RunSwatch style={style} />,
    className: `clickable${isReference ? ' reference' : ''}${isOutside ? ' absent' : ''}`,
    ...(isReference && { spoken: `${run.name}, reference` }),
    ...(brush?.cardId === tableId && { selected: !isOutside }),
  };
};

/** What is chosen here narrows all cards, as a brush in one of them does; the table goes on showing all runs. */
const chooseRun = (page: ComparePage, run: ComparedRun | undefined): void => {
  if (run === undefined) return;
  const brush = page.brush.peek();
  const chosen = new Set(brush?.cardId === tableId ? brush.runIds : []);
  if (!chosen.delete(run.runId)) chosen.add(run.runId);
  page.setBrush(chosen.size === 0 ? undefined : { cardId: tableId, runIds: chosen, ranges: {} });
};

const rowHeader = (page: ComparePage, row: DifferenceRow | undefined): CellContent => {
  if (row === undefined) return { text: '' };
  if (row.kind === 'heading') return { text: `${row.group} (${row.count})` };
  if (row.kind === 'text') return { text: row.key };
  const lower = page.directionOf(row.key) === 'lower';
  const words = lower ? 'lower is better' : 'higher is better';
  return { text: `${row.key} ${lower ? '↓' : '↑'}`, title: `${row.key}: ${words}. Click to change.`, spoken: `${row.key}, ${words}`, className: 'clickable' };
};

const flipDirection = (page: ComparePage, row: DifferenceRow | undefined): void => {
  if (row?.kind !== 'metric') return;
  const direction = page.directionOf(row.key) === 'lower' ? 'higher' : 'lower';
  page.sayDirection(row.key, direction);
};

const cellOf = (page: ComparePage, row: DifferenceRow | undefined, run: ComparedRun | undefined): CellContent => {
  if (row === undefined || run === undefined || row.kind === 'heading') return { text: '' };
  const value = row.valueOf(run);
  if (value === undefined) return { text: '–', className: 'absent', spoken: 'none' };
  const reference = page.reference.value;
  if (row.kind === 'metric') return metricCell(Number(value), { row, reference, run, lower: page.directionOf(row.key) === 'lower' });
  const changed = reference !== undefined && reference.runId !== run.runId && row.valueOf(reference) !== value;
  return { text: String(value), ...(changed && { className: 'changed' }) };
};

interface MetricContext {
  readonly row: Extract<DifferenceRow, { kind: 'metric' }>;
  readonly reference: ComparedRun | undefined;
  readonly run: ComparedRun;
  readonly lower: boolean;
}

/** A difference is there to be seen at a glance; the tooltip has the rest. */
const deltaDigits = 3;

const metricCell = (value: number, { row, reference, run, lower }: MetricContext): CellContent => {
  const base = reference && reference.runId !== run.runId ? row.valueOf(reference) : undefined;
  const plain = { text: formatNumber(value), title: String(value), className: 'numeric' };
  const delta = base === undefined ? 0 : value - base;
  if (base === undefined || Number.isNaN(delta) || delta === 0) return plain;
  const words = delta < 0 === lower ? 'better' : 'worse';
  return {
    ...plain,
    after: (
      <>
        <span class={`delta ${words}`}>{formatDelta(Number(delta.toPrecision(deltaDigits)))}</span>
        <span class="visually-hidden">{`, ${words}`}</span>
      </>
    ),
    title: `${value} (${formatDelta(delta)}, ${words})`,
  };
};
