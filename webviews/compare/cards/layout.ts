import type { LineScales } from '../../../schemas/compare-charts.ts';
import type { CardContent, CardOf, CardSpec, CardType, FieldId } from '../../../schemas/compare-layout.ts';
import type { ComparedRun } from '../../../schemas/webview-protocol.ts';
import { describeField, fieldIdsOf, readNumber } from '../runs/fields.ts';

/** Ids of cards that the page makes by itself are their content, so that they are the same after a restart. */
const automaticId = (metric: string): string => `line:${metric}`;

/** The page without a layout of its own: a card per metric, and parallel coordinates where there is something to see in them. */
export const automaticCards = (metricKeys: readonly string[], runs: readonly ComparedRun[]): readonly CardSpec[] => {
  const overview = runs.length >= runsForOverview ? parallelOf(runs) : undefined;
  return [
    ...(overview === undefined ? [] : [{ id: 'parallel', width: 4, height: 1, ...overview }]),
    ...metricKeys.map((metric): CardSpec => ({ id: automaticId(metric), width: 1, height: 1, type: 'line', metric })),
  ];
};

const runsForOverview = 5;

/** A layout of the user's own, and a card for each metric that came later. */
export const completedCards = (saved: readonly CardSpec[], removed: readonly string[], metricKeys: readonly string[]): readonly CardSpec[] => {
  const shown = new Set(saved.flatMap((card) => (card.type === 'line' ? [card.metric] : [])));
  const added = metricKeys.filter((metric) => !shown.has(metric) && !removed.includes(metric));
  return [...saved, ...added.map((metric): CardSpec => ({ id: automaticId(metric), width: 1, height: 1, type: 'line', metric }))];
};

const mostAxes = 8;

const differingParams = (runs: readonly ComparedRun[]): readonly FieldId[] =>
  fieldIdsOf(runs).filter((id) => id.startsWith('params.') && describeField(runs, id).differs);

const metricsOf = (runs: readonly ComparedRun[]): readonly FieldId[] =>
  fieldIdsOf(runs).filter((id) => id.startsWith('metrics.') && !id.startsWith('metrics.system/'));

const parallelOf = (runs: readonly ComparedRun[]): CardContent | undefined => {
  const params = differingParams(runs);
  const [metric] = metricsOf(runs);
  if (params.length === 0 || metric === undefined) return undefined;
  const fields = [...params.slice(0, mostAxes - 1), metric];
  return { type: 'parallel', fields, logFields: fields.filter((field) => spansDecades(runs, field)), color: metric };
};

const decades = 1000;

/** Learning rates and the like: on a linear axis all but the largest would lie on top of each other. */
const spansDecades = (runs: readonly ComparedRun[], field: FieldId): boolean => {
  const values = runs.map((run) => readNumber(run, field)).filter((value) => !Number.isNaN(value));
  return values.length > 0 && Math.min(...values) > 0 && Math.max(...values) / Math.min(...values) >= decades;
};

/** A new card with fields that are worth a look; undefined when the runs have nothing for it. */
export const newContent = (type: CardType, runs: readonly ComparedRun[]): CardContent | undefined => {
  const params = differingParams(runs);
  const numeric = params.filter((id) => describeField(runs, id).kind === 'number');
  const [metric, otherMetric] = metricsOf(runs);
  if (metric === undefined) return undefined;
  const key = metric.slice('metrics.'.length);
  switch (type) {
    case 'line':
    case 'bar':
    case 'importance':
      return { type, metric: key };
    case 'scatter':
      return { type, x: numeric[0] ?? otherMetric ?? metric, y: metric, logX: false, logY: false, regression: false };
    case 'parallel':
      return parallelOf(runs) ?? { type, fields: [metric], logFields: [] };
    case 'box':
      return { type, metric: key, by: params[0] ?? 'experiment' };
    case 'heatmap':
      return { type, x: params[0] ?? 'experiment', y: params[1] ?? 'status', metric: key };
    default:
      return type satisfies never;
  }
};

const freshId = (type: CardType, cards: readonly CardSpec[]): string => {
  let number = 1;
  while (cards.some(({ id }) => id === `${type}-${number}`)) number++;
  return `${type}-${number}`;
};

/** New cards come first, where they are seen. */
export const addCard = (cards: readonly CardSpec[], content: CardContent): readonly CardSpec[] => {
  const wide = content.type === 'parallel' ? 2 : 1;
  return [{ id: freshId(content.type, cards), width: wide, height: 1, ...content }, ...cards];
};

export const removeCard = (cards: readonly CardSpec[], id: string): readonly CardSpec[] => cards.filter((card) => card.id !== id);

export const duplicateCard = (cards: readonly CardSpec[], id: string): readonly CardSpec[] =>
  cards.flatMap((card) => (card.id === id ? [card, { ...card, id: freshId(card.type, cards) }] : [card]));

export const changeCard = (cards: readonly CardSpec[], changed: CardSpec): readonly CardSpec[] =>
  cards.map((card) => (card.id === changed.id ? changed : card));

export const resizeCard = (card: CardSpec, { width, height }: { readonly width: number; readonly height: number }): CardSpec => ({
  ...card,
  width: Math.min(Math.max(width, 1), 4),
  height: Math.min(Math.max(height, 1), 3),
});

/** Puts a card where another one is; the ones from there on move along. */
export const moveCard = (cards: readonly CardSpec[], id: string, to: string): readonly CardSpec[] => {
  const from = cards.findIndex((card) => card.id === id);
  const target = cards.findIndex((card) => card.id === to);
  const card = cards[from];
  return card === undefined || target < 0 ? cards : cards.toSpliced(from, 1).toSpliced(target, 0, card);
};

/** Undefined: the card follows the page. */
export type OwnScales = { readonly [Key in keyof LineScales]?: LineScales[Key] | undefined };

export const withScales = ({ xAxis, logX, logY, clip, ...card }: CardOf<'line'>, changes: OwnScales): CardOf<'line'> => {
  const own: OwnScales = { xAxis, logX, logY, clip, ...changes };
  return {
    ...card,
    ...(own.xAxis !== undefined && { xAxis: own.xAxis }),
    ...(own.logX !== undefined && { logX: own.logX }),
    ...(own.logY !== undefined && { logY: own.logY }),
    ...(own.clip !== undefined && { clip: own.clip }),
  };
};
