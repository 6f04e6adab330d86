import { openStore } from '../../extension/server/open-store.ts';
import { silentLogger } from '../../extension/shared/logger.ts';
import { createRestTrackingStore } from '../../extension/tracking/rest-tracking-store.ts';
import { SqliteTrackingStore } from '../../extension/tracking/sqlite-tracking-store.ts';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { appClient } from '../support/app-client.ts';
import { newStoreDatabase, newTempFolder } from '../support/store-database.ts';
import { newFileStores } from '../support/file-store.ts';
import { describeTrackingStore } from './tracking-store.ts';

describeTrackingStore('in SQLite', () => new SqliteTrackingStore(newStoreDatabase(), { artifactRoot: '/artifacts' }));

describeTrackingStore('over REST', () => {
  const store = openStore({ path: join(newTempFolder(), 'mlflow.db'), create: true }, { log: silentLogger });
  onTestFinished(() => store.dispose());
  return createRestTrackingStore(appClient((request) => store.app.fetch(request)));
});

describeTrackingStore('in files', () => newFileStores().tracking, { keepsInfinities: true });
