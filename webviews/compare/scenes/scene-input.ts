import type { MetricDirection } from '../../../schemas/metric-direction.ts';
import type { ComparedRun } from '../../../schemas/webview-protocol.ts';
import type { RunStyle } from '../../shared/palette.ts';
import type { Theme } from '../../shared/theme.ts';
import type { BandKind } from '../../../schemas/compare-charts.ts';
import type { Range } from '../plot/range.ts';
import type { RunGroup } from '../runs/grouping.ts';

/** What a scene is made from, besides its own settings. */
export interface SceneInput {
  readonly runs: readonly ComparedRun[];
  readonly styles: ReadonlyMap<string, RunStyle>;
  /** Empty when runs are not grouped. */
  readonly groups: readonly RunGroup[];
  readonly band: BandKind;
  readonly theme: Theme;
  /** Parts of axes that this card's brush chooses, by field. */
  readonly ranges: Readonly<Record<string, Range>>;
  /** Whether the run is within the brush of this card: others are pale. */
  isSelected(runId: string): boolean;
  directionOf(metric: string): MetricDirection;
  /** Narrows what all other cards show to these runs; undefined gives that up. */
  select(runIds: readonly string[] | undefined, ranges?: Readonly<Record<string, Range>>): void;
}

export const colorOf = ({ styles }: SceneInput, runId: string): string => styles.get(runId)?.color ?? 'gray';
export const paleness = 0.2;
