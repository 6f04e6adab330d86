import type { RegistryHistoryReply } from '../../schemas/workbench-api.ts';
import { workbenchPrefix } from '../../schemas/workbench-api.ts';
import { MlflowError } from '../shared/errors.ts';
import type { RegistryNotes, StoreConnection } from '../tracking/store-connection.ts';
import { readHistory } from './registry-history-route.ts';
import { createRestRegistryStore } from './rest-registry-store.ts';

type Store = Pick<StoreConnection, 'http' | 'registryNotes'>;

/** The history of a model. A plain MLflow server keeps none: then it is what this editor has noted down, and what can be seen now. */
export const readRegistryHistory = async ({ http, registryNotes = noNotes }: Store, model: string, signal?: AbortSignal): Promise<RegistryHistoryReply> => {
  try {
    return (await http.json({ method: 'GET', path: `${workbenchPrefix}/registry-history`, query: { model }, signal })) as unknown as RegistryHistoryReply;
  } catch (error) {
    if (!(error instanceof MlflowError) || error.code !== 'ENDPOINT_NOT_FOUND') throw error;
    const history = await readHistory({ store: createRestRegistryStore(http), file: registryNotes, isWritable: () => true }, model);
    return { ...history, problem: history.problem ?? 'This server keeps no history: what this editor has changed is exact, of the rest its result was seen' };
  }
};

/** Whoever only reads keeps none. */
const noNotes: RegistryNotes = { append: async () => {}, read: async () => ({ changes: [] }) };
