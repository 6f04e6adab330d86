import type { PendingEdits } from '../pending-edits.ts';
import type { StoreConnections } from '../store-connection.ts';

/** What every change of runs and experiments needs: where they are, and who shows it before it is written. */
export interface Editing {
  readonly stores: StoreConnections;
  readonly edits: PendingEdits;
}
