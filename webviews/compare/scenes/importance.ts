import type { CardOf, FieldId } from '../../../schemas/compare-layout.ts';
import { formatNumber, isDrawable } from '../../../schemas/format.ts';
import type { ComparedRun } from '../../../schemas/webview-protocol.ts';
import type { Theme } from '../../shared/theme.ts';
import { rankCorrelation } from '../math/correlation.ts';
import { permutationImportance } from '../math/forest.ts';
import { mean } from '../math/statistics.ts';
import type { Projection } from '../plot/projection.ts';
import type { Mark, Scene } from '../plot/scene.ts';
import { clipped } from '../plot/shapes.ts';
import { describeField, fieldIdsOf, fieldLabel, readNumber, readText } from '../runs/fields.ts';
import type { SceneInput } from './scene-input.ts';

interface Finding {
  readonly field: FieldId;
  readonly importance: number;
  /** NaN for a param that is not a number. */
  readonly correlation: number;
}

/** With fewer runs a forest finds patterns in noise. */
const fewestRuns = 10;
/** More would keep the page waiting, and teach the forest little. */
const mostRuns = 300;
const mostParams = 30;

/** Which params matter for a metric: what a small random forest loses without them, and the rank correlation. */
export const importanceScene = ({ metric }: CardOf<'importance'>, input: SceneInput): Scene => {
  const runs = input.runs.filter((run) => isDrawable(readNumber(run, `metrics.${metric}`)));
  const params = fieldIdsOf(runs).filter((id) => id.startsWith('params.') && describeField(runs, id).differs);
  const nothing = whyNot(runs.length, params.length, metric);
  const findings = nothing === undefined ? findingsOf(runs, params.slice(0, mostParams), metric) : [];
  const marks = findings.map((finding, index) => markOf(finding, findings.length - 1 - index));
  return {
    x: { kind: 'number', range: { from: 0, to: Math.max(...findings.map(({ importance }) => importance), 0.01) * 1.05 } },
    y: { kind: 'category', labels: findings.map(({ field }) => fieldLabel(field)).toReversed() },
    marks,
    paint: (context, projection, theme) => clipped(context, projection, () => paintBars(context, marks, { findings, projection, theme })),
    paintOver: (context, { x, y }, projection, theme) => {
      context.strokeStyle = theme.foreground;
      context.lineWidth = 1.5;
      context.strokeRect(projection.left, projection.toY(y + 0.35), projection.toX(x) - projection.left, projection.toY(y - 0.35) - projection.toY(y + 0.35));
    },
    find: ({ y }, projection) => marks.find((mark) => mark.y === Math.round(projection.fromY(y))),
    table: {
      columns: ['Param', 'Importance', 'Rank correlation'],
      rows: findings.map(({ field, importance, correlation }) => [fieldLabel(field), importance, correlation]),
    },
    notes: [
      'Share of what all params explain together. The colour tells whether the metric rises or falls with the param.',
      ...(runs.length > mostRuns ? [`From ${mostRuns} of ${runs.length} runs.`] : []),
      ...(params.length > mostParams ? [`From the first ${mostParams} of ${params.length} params that differ.`] : []),
    ],
    ...(nothing !== undefined && { nothing }),
  };
};

const whyNot = (runs: number, params: number, metric: string): string | undefined => {
  if (runs < fewestRuns) return `Importance needs at least ${fewestRuns} runs with ${metric}; there ${runs === 1 ? 'is' : 'are'} ${runs}.`;
  return params === 0 ? 'The params of these runs do not differ.' : undefined;
};

const findingsOf = (all: readonly ComparedRun[], params: readonly FieldId[], metric: string): readonly Finding[] => {
  const every = Math.max(1, all.length / mostRuns);
  const runs = Array.from({ length: Math.min(all.length, mostRuns) }, (_, index) => all[Math.floor(index * every)]).filter((run) => run !== undefined);
  const target = runs.map((run) => readNumber(run, `metrics.${metric}`));
  const features = params.map((field) => featureOf(runs, field, target));
  const lost = permutationImportance({ features, target: Float64Array.from(target) });
  const total = lost.reduce((sum, one) => sum + one, 0);
  return params
    .map((field, at): Finding => {
      const isNumber = describeField(runs, field).kind === 'number';
      return {
        field,
        importance: total > 0 ? (lost[at] ?? 0) / total : 0,
        correlation: isNumber ? rankCorrelation([...(features[at] ?? [])], target) : Number.NaN,
      };
    })
    .sort((left, right) => right.importance - left.importance);
};

/** Words have no order: they take that of their mean target, the best one that a tree could find. */
const featureOf = (runs: readonly ComparedRun[], field: FieldId, target: readonly number[]): Float64Array => {
  if (describeField(runs, field).kind === 'number') return Float64Array.from(runs, (run) => orZero(readNumber(run, field)));
  const byValue = Map.groupBy(runs.keys(), (at) => textAt(runs, at, field));
  const means = new Map([...byValue].map(([text, members]) => [text, mean(members.map((at) => target[at] ?? 0))]));
  return Float64Array.from(runs, (_, at) => means.get(textAt(runs, at, field)) ?? 0);
};

const orZero = (value: number): number => (Number.isFinite(value) ? value : 0);
const textAt = (runs: readonly ComparedRun[], at: number, field: FieldId): string => {
  const run = runs[at];
  return run === undefined ? '' : readText(run, field);
};

const markOf = ({ field, importance, correlation }: Finding, y: number): Mark => ({
  id: field,
  runIds: [],
  title: fieldLabel(field),
  facts: [
    ['importance', formatNumber(importance)],
    ['rank correlation', Number.isNaN(correlation) ? 'not a number' : formatNumber(correlation)],
  ],
  x: importance,
  y,
});

interface BarsFrame {
  readonly findings: readonly Finding[];
  readonly projection: Projection;
  readonly theme: Theme;
}

const paintBars = (context: CanvasRenderingContext2D, marks: readonly Mark[], { findings, projection, theme }: BarsFrame): void => {
  for (const [index, { x, y }] of marks.entries()) {
    context.fillStyle = directionColor(findings[index]?.correlation ?? Number.NaN, theme);
    context.fillRect(projection.left, projection.toY(y + 0.35), projection.toX(x) - projection.left, projection.toY(y - 0.35) - projection.toY(y + 0.35));
  }
};

/** Two hues of the palette that lie far apart: with the param rises the metric, or falls. */
const directionColor = (correlation: number, theme: Theme): string => {
  if (Number.isNaN(correlation)) return theme.muted;
  return (correlation >= 0 ? theme.hues[2] : theme.hues[7]) ?? theme.muted;
};
