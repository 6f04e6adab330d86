import type { ExperimentId } from '../../schemas/ids.ts';
import type { Tag } from './run.ts';

export type LifecycleStage = 'active' | 'deleted';
export type ViewType = 'ACTIVE_ONLY' | 'DELETED_ONLY' | 'ALL';

export interface Experiment {
  readonly experimentId: ExperimentId;
  /** Unique in its store, deleted experiments included. */
  readonly name: string;
  readonly artifactLocation: string;
  readonly lifecycleStage: LifecycleStage;
  /** ms since the epoch. */
  readonly creationTime?: number;
  readonly lastUpdateTime?: number;
  readonly tags: readonly Tag[];
}
