import { type RegistryChange, type RegistryHistoryReply, workbenchPrefix } from '../../schemas/workbench-api.ts';
import type { BinaryRoute } from '../shared/endpoint.ts';
import { MlflowError } from '../shared/errors.ts';
import type { RegistryNotes } from '../tracking/store-connection.ts';
import { changesOf, observe, type ModelNow } from './registry-history.ts';
import type { RegistryStore } from './registry-store.ts';
import { nameIs } from './search/name-filter.ts';

interface History {
  readonly store: RegistryStore;
  readonly file: RegistryNotes;
  /** Whether what is observed is noted down, too. */
  readonly isWritable: () => boolean;
}

const mostVersions = 10_000;

/** What has changed on one model, noted down by us or seen by its result. */
export const registryHistoryRoutes = (history: History): readonly BinaryRoute[] => [
  {
    method: 'GET',
    path: `${workbenchPrefix}/registry-history`,
    handle: async ({ query }) => Response.json(await readHistory(history, query.get('model') ?? '')),
  },
];

/** What is noted down, and what of the model is seen now and has not been. */
export const readHistory = async ({ store, file, isWritable }: History, name: string): Promise<RegistryHistoryReply> => {
  const { changes, problem } = await file.read();
  const known = changesOf(changes, name);
  const now = await readNow(store, name);
  const observed: readonly RegistryChange[] = now === undefined ? [] : observe(known, now, Date.now());
  if (isWritable()) await file.append(observed);
  return { changes: [...known, ...observed], ...(problem !== undefined && { problem }) };
};

/** A model that is deleted has a history all the same. */
const readNow = async (store: RegistryStore, name: string): Promise<ModelNow | undefined> => {
  try {
    const [model, { items }] = await Promise.all([
      store.getRegisteredModel(name),
      store.searchModelVersions({ filter: nameIs(name), maxResults: mostVersions }),
    ]);
    return { model, versions: items.filter((version) => version.name === name) };
  } catch (error) {
    if (error instanceof MlflowError && error.code === 'RESOURCE_DOES_NOT_EXIST') return undefined;
    throw error;
  }
};
