import type { RegistryHistoryReply } from '../../schemas/workbench-api.ts';
import { workbenchPrefix } from '../../schemas/workbench-api.ts';
import { MlflowError } from '../shared/errors.ts';
import type { StoreConnection } from '../tracking/store-connection.ts';
import { observe } from './registry-history.ts';
import { readNow } from './registry-history-route.ts';
import { createRestRegistryStore } from './rest-registry-store.ts';

/** The history of a model. A plain MLflow server keeps none: then it is what can be seen now. */
export const readRegistryHistory = async ({ http }: Pick<StoreConnection, 'http'>, model: string, signal?: AbortSignal): Promise<RegistryHistoryReply> => {
  try {
    return (await http.json({ method: 'GET', path: `${workbenchPrefix}/registry-history`, query: { model }, signal })) as unknown as RegistryHistoryReply;
  } catch (error) {
    if (!(error instanceof MlflowError) || error.code !== 'ENDPOINT_NOT_FOUND') throw error;
    const now = await readNow(createRestRegistryStore(http), model);
    return { changes: now === undefined ? [] : observe([], now, Date.now()), problem: 'This server keeps no history: only what can be seen now is shown' };
  }
};
