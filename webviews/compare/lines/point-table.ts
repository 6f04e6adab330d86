import type { XAxis } from '../../../schemas/compare-charts.ts';
import type { CardTable } from '../plot/scene.ts';
import type { Line } from './line.ts';
import { axisTitle } from './x-axis.ts';

/** A row per point of a line, in the words of the card: what is exported. */
export const lineTable = (lines: readonly Line[], metric: string, axis: XAxis): CardTable => {
  if (lines.some(({ band }) => band !== undefined)) return groupTable(lines, metric, axis);
  const smoothed = lines.some(({ raw, y }) => raw !== y);
  return {
    columns: ['Run', 'Run ID', 'Step', ...(axis === 'step' ? [] : [axisTitle(axis)]), metric, ...(smoothed ? [`${metric} (smoothed)`] : [])],
    rows: lines.flatMap(({ id, name, steps, x, raw, y }) =>
      Array.from(raw, (value, at) => [
        name,
        id,
        steps[at] ?? Number.NaN,
        ...(axis === 'step' ? [] : [x[at] ?? Number.NaN]),
        value,
        ...(smoothed ? [y[at] ?? Number.NaN] : []),
      ]),
    ),
  };
};

const groupTable = (lines: readonly Line[], metric: string, axis: XAxis): CardTable => ({
  columns: ['Group', axisTitle(axis), `${metric} (mean)`, 'Low', 'High', 'Runs'],
  rows: lines.flatMap(({ name, x, y, band }) =>
    Array.from(x, (at, index) => [
      name,
      at,
      y[index] ?? Number.NaN,
      band?.low[index] ?? Number.NaN,
      band?.high[index] ?? Number.NaN,
      band?.count[index] ?? Number.NaN,
    ]),
  ),
});
