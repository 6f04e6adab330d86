import type { CardOf } from '../../../schemas/compare-layout.ts';
import { formatNumber } from '../../../schemas/format.ts';
import type { ComparedRun } from '../../../schemas/webview-protocol.ts';
import type { Theme } from '../../shared/theme.ts';
import { fitLine, type Fit } from '../math/regression.ts';
import { isLog } from '../plot/axes.ts';
import { rampColor } from '../plot/color-ramp.ts';
import type { Projection } from '../plot/projection.ts';
import { extentOf } from '../plot/range.ts';
import { findNearest, type Mark, type Scene } from '../plot/scene.ts';
import { clipped, dot, segment } from '../plot/shapes.ts';
import { fieldLabel } from '../runs/fields.ts';
import { boxBrush } from './box-brush.ts';
import { fieldAxis, type FieldAxis } from './field-axis.ts';
import { colorOf, paleness, type SceneInput } from './scene-input.ts';

interface Place {
  readonly run: ComparedRun;
  readonly x: number;
  readonly y: number;
}

const radius = 4.5;

/** A point per run: one field against another, coloured by a third. */
export const scatterScene = (card: CardOf<'scatter'>, input: SceneInput): Scene => {
  const x = fieldAxis(input.runs, card.x, card.logX);
  const y = fieldAxis(input.runs, card.y, card.logY);
  const places = input.runs
    .map((run): Place => ({ run, x: x.place(run), y: y.place(run) }))
    .filter((place) => !Number.isNaN(place.x) && !Number.isNaN(place.y));
  const fit = card.regression ? fitOf(places, x, y) : undefined;
  const marks = places.map((place) => markOf(place, card, [x, y])).sort((left, right) => left.x - right.x || left.y - right.y);
  const color = colorsOf(card, input);
  const missing = input.runs.length - places.length;
  return {
    x: x.axis,
    y: y.axis,
    marks,
    paint: (context, projection, theme) =>
      clipped(context, projection, () => {
        if (fit !== undefined) paintFit(context, fit, { x, y, projection, theme });
        for (const { run, ...at } of places) {
          context.globalAlpha = input.isSelected(run.runId) ? 0.9 : paleness;
          context.fillStyle = color(run);
          dot(context, projection.toX(at.x), projection.toY(at.y), radius);
        }
        context.globalAlpha = 1;
      }),
    paintOver: (context, mark, projection, theme) => paintRing(context, mark, projection, theme),
    find: (position, projection) => findNearest(marks, position, projection),
    brush: boxBrush(marks, input),
    get table() {
      return tableOf(places, card, [x, y]);
    },
    notes: [
      ...(missing > 0
        ? [
            `${missing} of ${input.runs.length} runs have no place: ${fieldLabel(card.x)} or ${fieldLabel(card.y)} is missing${card.logX || card.logY ? ', or not above 0' : ''}.`,
          ]
        : []),
      ...(fit === undefined ? [] : [`R² = ${formatNumber(fit.r2)}`]),
    ],
    ...(places.length === 0 && { nothing: `No shown run has both ${fieldLabel(card.x)} and ${fieldLabel(card.y)}.` }),
  };
};

const markOf = ({ run, x, y }: Place, card: CardOf<'scatter'>, [xAxis, yAxis]: readonly [FieldAxis, FieldAxis]): Mark => ({
  id: run.runId,
  runIds: [run.runId],
  title: run.name,
  // Of a thousand runs one is read at a time.
  get facts() {
    const colored = card.color === undefined ? [] : [[fieldLabel(card.color), fieldAxis([run], card.color).text(run)] as const];
    return [[fieldLabel(card.x), xAxis.text(run)] as const, [fieldLabel(card.y), yAxis.text(run)] as const, ...colored];
  },
  x,
  y,
});

const tableOf = (places: readonly Place[], card: CardOf<'scatter'>, [x, y]: readonly [FieldAxis, FieldAxis]) => ({
  columns: ['Run', fieldLabel(card.x), fieldLabel(card.y)],
  rows: places.map(({ run, ...at }) => [run.name, x.axis.kind === 'category' ? x.text(run) : at.x, y.axis.kind === 'category' ? y.text(run) : at.y]),
});

/** By a number along the ramp; without a third field each run has its own colour. */
const colorsOf = (card: CardOf<'scatter'>, input: SceneInput): ((run: ComparedRun) => string) => {
  const { color } = card;
  if (color === undefined) return ({ runId }) => colorOf(input, runId);
  const { axis, place } = fieldAxis(input.runs, color);
  const range = extentOf(input.runs.map(place));
  if (axis.kind === 'category') return (run) => input.theme.hues[place(run) % input.theme.hues.length] ?? input.theme.muted;
  return (run) => rampColor(range === undefined ? Number.NaN : (place(run) - range.from) / (range.to - range.from || 1), input.theme);
};

/** On a logarithmic axis the line is fitted to the logarithms: it is drawn straight. */
const fitOf = (places: readonly Place[], x: FieldAxis, y: FieldAxis): Fit | undefined => {
  if (x.axis.kind === 'category' || y.axis.kind === 'category') return undefined;
  return fitLine(
    places.map((place) => toScale(place.x, isLog(x.axis))),
    places.map((place) => toScale(place.y, isLog(y.axis))),
  );
};

const toScale = (value: number, log: boolean): number => (log ? Math.log10(value) : value);
const fromScale = (value: number, log: boolean): number => (log ? 10 ** value : value);

interface FitFrame {
  readonly x: FieldAxis;
  readonly y: FieldAxis;
  readonly projection: Projection;
  readonly theme: Theme;
}

const paintFit = (context: CanvasRenderingContext2D, fit: Fit, { x, y, projection, theme }: FitFrame): void => {
  const at = (value: number): readonly [number, number] => [
    projection.toX(value),
    projection.toY(fromScale(fit.intercept + fit.slope * toScale(value, isLog(x.axis)), isLog(y.axis))),
  ];
  context.strokeStyle = theme.muted;
  context.lineWidth = 1.5;
  context.setLineDash([6, 4]);
  segment(context, at(projection.xRange.from), at(projection.xRange.to));
  context.setLineDash([]);
};

const paintRing = (context: CanvasRenderingContext2D, mark: Mark, projection: Projection, theme: Theme): void => {
  context.strokeStyle = theme.foreground;
  context.lineWidth = 2;
  context.beginPath();
  context.arc(projection.toX(mark.x), projection.toY(mark.y), radius + 2, 0, 2 * Math.PI);
  context.stroke();
};
