import type { CardOf } from '../../../schemas/compare-layout.ts';
import { formatNumber, isDrawable } from '../../../schemas/format.ts';
import type { ComparedRun } from '../../../schemas/webview-protocol.ts';
import type { Theme } from '../../shared/theme.ts';
import { boxOf, type Box } from '../math/box.ts';
import type { Projection } from '../plot/projection.ts';
import { extentOf, padded } from '../plot/range.ts';
import type { Mark, Scene } from '../plot/scene.ts';
import { clipped, dot, segment } from '../plot/shapes.ts';
import { fieldLabel, readNumber, readText } from '../runs/fields.ts';
import type { SceneInput } from './scene-input.ts';

interface NamedBox {
  readonly label: string;
  readonly box: Box;
  readonly runIds: readonly string[];
  readonly color: string;
}

const mostBoxes = 40;
const halfWidth = 0.3;
const naturally = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** A box plot of a metric for each value of a field. */
export const boxScene = ({ metric, by }: CardOf<'box'>, input: SceneInput): Scene => {
  const all = boxesOf(metric, by, input);
  const boxes = all.slice(0, mostBoxes);
  const marks = boxes.map((box, index) => markOf(box, index));
  const range = padded(extentOf(boxes.flatMap(({ box }) => [box.low, box.high, ...box.outliers])) ?? { from: 0, to: 1 });
  return {
    x: { kind: 'category', labels: boxes.map(({ label }) => label), title: fieldLabel(by) },
    y: { kind: 'number', range, title: metric },
    marks,
    paint: (context, projection) =>
      clipped(context, projection, () => {
        for (const [index, box] of boxes.entries()) paintBox(context, box, index, projection);
      }),
    paintOver: (context, mark, projection, theme) => frame(context, boxes[mark.x], mark, { projection, theme }),
    find: ({ x }, projection) => marks[Math.round(projection.fromX(x))],
    table: {
      columns: [fieldLabel(by), 'Runs', 'Low', 'Lower quartile', 'Median', 'Upper quartile', 'High', 'Outliers'],
      rows: all.map(({ label, box }) => [label, box.count, box.low, box.lowerQuartile, box.median, box.upperQuartile, box.high, box.outliers.length]),
    },
    notes: all.length > mostBoxes ? [`The first ${mostBoxes} of ${all.length} values are shown; the table has all.`] : [],
    ...(boxes.length === 0 && { nothing: `No shown run has a value of ${metric} that can be drawn.` }),
  };
};

const boxesOf = (metric: string, by: string, { runs, theme }: SceneInput): readonly NamedBox[] => {
  const groups = [...Map.groupBy(runs, (run) => readText(run, by))].sort(([left], [right]) => naturally.compare(left, right));
  return groups.flatMap(([text, members], index) => {
    const drawable = members.filter((run: ComparedRun) => isDrawable(readNumber(run, `metrics.${metric}`)));
    const box = boxOf(drawable.map((run) => readNumber(run, `metrics.${metric}`)));
    const color = theme.hues[index % theme.hues.length] ?? theme.muted;
    return box === undefined ? [] : [{ label: text || 'none', box, runIds: drawable.map(({ runId }) => runId), color }];
  });
};

const markOf = ({ label, box, runIds }: NamedBox, x: number): Mark => ({
  id: label,
  runIds,
  title: label,
  facts: [
    ['median', formatNumber(box.median)],
    ['quartiles', `${formatNumber(box.lowerQuartile)} – ${formatNumber(box.upperQuartile)}`],
    ['whiskers', `${formatNumber(box.low)} – ${formatNumber(box.high)}`],
    ['outliers', String(box.outliers.length)],
    ['runs', String(box.count)],
  ],
  x,
  y: box.median,
});

const paintBox = (context: CanvasRenderingContext2D, { box, color }: NamedBox, x: number, projection: Projection): void => {
  const [left, middle, right] = [projection.toX(x - halfWidth), projection.toX(x), projection.toX(x + halfWidth)];
  const [top, bottom] = [projection.toY(box.upperQuartile), projection.toY(box.lowerQuartile)];
  context.fillStyle = color;
  context.strokeStyle = color;
  context.globalAlpha = 0.25;
  context.fillRect(left, top, right - left, bottom - top);
  context.globalAlpha = 1;
  context.lineWidth = 1.5;
  context.strokeRect(left, top, right - left, bottom - top);
  segment(context, [middle, top], [middle, projection.toY(box.high)]);
  segment(context, [middle, bottom], [middle, projection.toY(box.low)]);
  context.lineWidth = 2.5;
  segment(context, [left, projection.toY(box.median)], [right, projection.toY(box.median)]);
  for (const value of box.outliers) dot(context, middle, projection.toY(value), 2.5);
};

const frame = (
  context: CanvasRenderingContext2D,
  named: NamedBox | undefined,
  { x }: Mark,
  { projection, theme }: { readonly projection: Projection; readonly theme: Theme },
): void => {
  if (named === undefined) return;
  const [left, right] = [projection.toX(x - halfWidth), projection.toX(x + halfWidth)];
  const top = projection.toY(named.box.upperQuartile);
  context.strokeStyle = theme.foreground;
  context.lineWidth = 1.5;
  context.strokeRect(left - 2, top - 2, right - left + 4, projection.toY(named.box.lowerQuartile) - top + 4);
};
