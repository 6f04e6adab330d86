import { onTestFinished } from 'vitest';

import { openReader } from '../../extension/server/database.ts';
import { fileRunSearch, type RunSearch } from '../../extension/server/run-search-routes.ts';
import { SqliteRunSearch } from '../../extension/tracking/sqlite-run-search.ts';
import { SqliteTrackingStore } from '../../extension/tracking/sqlite-tracking-store.ts';
import type { TrackingStore } from '../../extension/tracking/tracking-store.ts';
import { newFileStores } from './file-store.ts';
import { newStoreDatabase } from './store-database.ts';

export interface SearchedStore {
  readonly tracking: TrackingStore;
  readonly search: RunSearch;
}

const newSqlite = (): SearchedStore => {
  const database = newStoreDatabase();
  const reader = openReader(database.path);
  onTestFinished(() => reader.dispose());
  return {
    tracking: new SqliteTrackingStore(database, { artifactRoot: '/nowhere' }),
    search: new SqliteRunSearch(reader, { versionOf: () => reader.version }),
  };
};

const newFiles = (): SearchedStore => {
  const { tracking, index } = newFileStores();
  return { tracking, search: fileRunSearch(index) };
};

/** New, empty stores of each kind that answers our own run search. */
export const searchedStores = [
  ['a database', newSqlite],
  ['a folder', newFiles],
] as const;
