import type { CardOf } from '../../../schemas/compare-layout.ts';
import { formatNumber, isDrawable } from '../../../schemas/format.ts';
import type { Theme } from '../../shared/theme.ts';
import { mean } from '../math/statistics.ts';
import { rampColor, textOnRamp } from '../plot/color-ramp.ts';
import type { Projection } from '../plot/projection.ts';
import { extentOf, type Range } from '../plot/range.ts';
import type { Mark, Scene } from '../plot/scene.ts';
import { clipped } from '../plot/shapes.ts';
import { fieldLabel, readNumber } from '../runs/fields.ts';
import { binField, type Bins } from './bins.ts';
import type { SceneInput } from './scene-input.ts';

interface Cell {
  readonly x: number;
  readonly y: number;
  readonly mean: number;
  readonly count: number;
  readonly runIds: readonly string[];
}

/** Mean of a metric over two fields. */
export const heatMapScene = (card: CardOf<'heatmap'>, input: SceneInput): Scene => {
  const [x, y] = [binField(input.runs, card.x), binField(input.runs, card.y)];
  const cells = cellsOf(card, input, [x, y]);
  const range = extentOf(cells.map((cell) => cell.mean)) ?? { from: 0, to: 1 };
  const marks = cells.map((cell) => markOf(cell, card, [x, y]));
  return {
    x: { kind: 'category', labels: x.labels, title: fieldLabel(card.x) },
    y: { kind: 'category', labels: y.labels, title: fieldLabel(card.y) },
    marks,
    paint: (context, projection, theme) =>
      clipped(context, projection, () => {
        for (const cell of cells) paintCell(context, cell, { range, projection, theme });
      }),
    paintOver: (context, mark, projection, theme) => {
      const { left, top, width, height } = areaOf(mark, projection);
      context.strokeStyle = theme.foreground;
      context.lineWidth = 2;
      context.strokeRect(left + 1, top + 1, width - 2, height - 2);
    },
    find: (position, projection) =>
      marks.find((mark) => mark.x === Math.round(projection.fromX(position.x)) && mark.y === Math.round(projection.fromY(position.y))),
    table: {
      columns: [fieldLabel(card.x), fieldLabel(card.y), `mean ${card.metric}`, 'Runs'],
      rows: cells.map((cell) => [x.labels[cell.x] ?? '', y.labels[cell.y] ?? '', cell.mean, cell.count]),
    },
    notes: cells.length === 0 ? [] : [`${card.metric} from ${formatNumber(range.from)} to ${formatNumber(range.to)}`],
    ...(cells.length === 0 && { nothing: `No shown run has ${fieldLabel(card.x)}, ${fieldLabel(card.y)} and ${card.metric}.` }),
  };
};

const cellsOf = (card: CardOf<'heatmap'>, { runs }: SceneInput, [xBins, yBins]: readonly [Bins, Bins]): readonly Cell[] => {
  const placed = runs.flatMap((run) => {
    const [x, y, value] = [xBins.binOf(run), yBins.binOf(run), readNumber(run, `metrics.${card.metric}`)];
    return x === undefined || y === undefined || !isDrawable(value) ? [] : [{ x, y, value, runId: run.runId }];
  });
  const cells = [...Map.groupBy(placed, ({ x, y }) => `${x} ${y}`).values()];
  return cells
    .map((members): Cell => {
      const [{ x, y } = { x: 0, y: 0 }] = members;
      return { x, y, mean: mean(members.map(({ value }) => value)), count: members.length, runIds: members.map(({ runId }) => runId) };
    })
    .sort((left, right) => right.y - left.y || left.x - right.x);
};

const markOf = (cell: Cell, card: CardOf<'heatmap'>, [x, y]: readonly [Bins, Bins]): Mark => ({
  id: `${cell.x} ${cell.y}`,
  runIds: cell.runIds,
  title: `${fieldLabel(card.x)} ${x.labels[cell.x] ?? ''}, ${fieldLabel(card.y)} ${y.labels[cell.y] ?? ''}`,
  facts: [
    [`mean ${card.metric}`, formatNumber(cell.mean)],
    ['runs', String(cell.count)],
  ],
  x: cell.x,
  y: cell.y,
});

const areaOf = ({ x, y }: { readonly x: number; readonly y: number }, projection: Projection) => {
  const [left, right, top, bottom] = [projection.toX(x - 0.5), projection.toX(x + 0.5), projection.toY(y + 0.5), projection.toY(y - 0.5)];
  return { left, top, width: right - left, height: bottom - top };
};

/** Smaller cells have no room for their number. */
const readable = { width: 44, height: 16 };

const paintCell = (
  context: CanvasRenderingContext2D,
  cell: Cell,
  { range, projection, theme }: { readonly range: Range; readonly projection: Projection; readonly theme: Theme },
): void => {
  const { left, top, width, height } = areaOf(cell, projection);
  const share = (cell.mean - range.from) / (range.to - range.from || 1);
  context.fillStyle = rampColor(share, theme);
  context.fillRect(left + 0.5, top + 0.5, width - 1, height - 1);
  if (width < readable.width || height < readable.height) return;
  context.fillStyle = textOnRamp(share, theme);
  context.font = `11px ${theme.fontFamily}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(formatNumber(cell.mean), left + width / 2, top + height / 2);
};
