import type { RunReference } from '../../host/commands.ts';
import { asStoreId } from '../../../schemas/ids.ts';
import { addressText } from '../../tracking/store-connection.ts';
import type { SubmittedRun } from '../submitted-run.ts';

/** What commands take for a run, from whichever view. */
export interface RunItem {
  readonly run: RunReference;
}

/** A store's id in a window is its address. */
export const toRunItem = ({ plan }: SubmittedRun): RunItem => ({ run: { storeId: asStoreId(addressText(plan.store)), runId: plan.runId } });
