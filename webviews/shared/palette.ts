import { isRunColor, runHueIndex } from '../../schemas/run-color.ts';

/** How a run is drawn. Runs whose ids lead to the same hue differ by their dashes, in the order of the page. */
export interface RunStyle {
  readonly color: string;
  /** Lengths of dash and gap in CSS pixels; empty for a solid line. */
  readonly dash: readonly number[];
}

export const dashes: readonly (readonly number[])[] = [[], [7, 3], [2, 3], [9, 3, 2, 3]];

interface Colored {
  readonly runId: string;
  /** Chosen by the user. */
  readonly color?: string;
}

const colorOf = ({ runId, color }: Colored, hues: readonly string[]): string =>
  color !== undefined && isRunColor(color) ? color : (hues[runHueIndex(runId)] ?? 'gray');

export const styleRuns = (runs: readonly Colored[], hues: readonly string[]): ReadonlyMap<string, RunStyle> => {
  const used = new Map<string, number>();
  const styles = runs.map((run): readonly [string, RunStyle] => {
    const color = colorOf(run, hues);
    const earlier = used.get(color) ?? 0;
    used.set(color, earlier + 1);
    return [run.runId, { color, dash: dashes[earlier % dashes.length] ?? [] }];
  });
  return new Map(styles);
};
