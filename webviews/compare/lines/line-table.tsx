import { useComputed, type ReadonlySignal } from '@preact/signals';
import type { JSX } from 'preact';
import { formatNumber } from '../../../schemas/format.ts';
import { Grid, type CellContent } from '../../shared/grid.tsx';
import type { LineData } from './line-data.ts';
import type { Line } from './line.ts';
import { axisTitle, formatPosition } from './x-axis.ts';
import { lowerBound } from '../../shared/search.ts';
import { usePage } from '../page.ts';
import { RunSwatch } from '../run-swatch.tsx';

interface LineTableProps {
  readonly metric: string;
  readonly data: ReadonlySignal<LineData>;
}

/** The same points as the chart, as rows of x and a column per run. */
export const LineTable = ({ metric, data }: LineTableProps): JSX.Element => {
  const page = usePage();
  const xs = useComputed(() => sortedUnion(data.value.lines));
  const { lines, axis } = data.value;
  const cell = (row: number, column: number): CellContent => {
    const line = lines[column];
    const index = line === undefined ? -1 : indexOf(line, xs.value[row] ?? 0);
    const value = line?.raw[index];
    return value === undefined ? { text: '' } : { text: formatNumber(value), title: String(value), className: 'numeric' };
  };
  return (
    <Grid
      label={`${metric} as a table`}
      rowCount={xs.value.length}
      columnCount={lines.length}
      columnWidth={110}
      headerWidth={axis === 'wall' ? 170 : 90}
      corner={{ text: axisTitle(axis) }}
      columnHeader={(column) => runHeader(lines[column])}
      rowHeader={(row) => ({ text: formatPosition(xs.value[row] ?? 0, axis), className: 'numeric' })}
      cell={cell}
      onCopy={(text) => page.copy(text, 'the value')}
    />
  );
};

const runHeader = (line: Line | undefined): CellContent => (line === undefined ? { text: '' } : { text: line.name, before: <RunSwatch style={line.style} /> });

const sortedUnion = (lines: readonly Line[]): Float64Array => Float64Array.from(new Set(lines.flatMap(({ x }) => [...x]))).sort();

const indexOf = ({ x }: Line, at: number): number => {
  const index = lowerBound(x, at);
  return x[index] === at ? index : -1;
};
