import { isDeepStrictEqual } from 'node:util';

import type { RegistryStore } from './registry-store.ts';

/** Of each kind those that changed last: as much as a person looks at. */
const mostLooked = 100;

/** A plain MLflow server tells nothing by itself: whether its registry has changed is found by asking, and comparing with the answer before. */
export class RegistryChanges {
  readonly #registry: RegistryStore;
  #before: unknown;

  constructor(registry: RegistryStore) {
    this.#registry = registry;
  }

  /** Whether anything has changed since the last look; nothing at the first one. */
  async look(signal?: AbortSignal): Promise<boolean> {
    const [models, versions] = await Promise.all([
      this.#registry.searchRegisteredModels({ maxResults: mostLooked, orderBy: ['last_updated_timestamp DESC'] }, signal),
      this.#registry.searchModelVersions({ maxResults: mostLooked }, signal),
    ]);
    const now = [models.items, versions.items];
    const isFirst = this.#before === undefined;
    const isSame = isDeepStrictEqual(now, this.#before);
    this.#before = now;
    return !isFirst && !isSame;
  }
}
