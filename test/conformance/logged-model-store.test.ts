import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createRestRegistryStore } from '../../extension/registry/rest-registry-store.ts';
import { createSqliteRegistryStore } from '../../extension/registry/sqlite-registry-store.ts';
import { openStore } from '../../extension/server/open-store.ts';
import { silentLogger } from '../../extension/shared/logger.ts';
import { createRestLoggedModelStore } from '../../extension/tracking/rest-logged-model-store.ts';
import { createRestTrackingStore } from '../../extension/tracking/rest-tracking-store.ts';
import { createSqliteLoggedModelStore } from '../../extension/tracking/sqlite-logged-model-store.ts';
import { SqliteTrackingStore } from '../../extension/tracking/sqlite-tracking-store.ts';
import { appClient } from '../support/app-client.ts';
import { newStoreDatabase, newTempFolder } from '../support/store-database.ts';
import { newFileStores } from '../support/file-store.ts';
import { describeLoggedModelStore } from './logged-model-store.ts';

describeLoggedModelStore('in SQLite', () => {
  const database = newStoreDatabase();
  return {
    tracking: new SqliteTrackingStore(database, { artifactRoot: newTempFolder() }),
    loggedModels: createSqliteLoggedModelStore(database),
    registry: createSqliteRegistryStore(database),
  };
});

describeLoggedModelStore('over REST', () => {
  const store = openStore({ path: join(newTempFolder(), 'mlflow.db'), create: true }, { log: silentLogger });
  onTestFinished(() => store.dispose());
  const http = appClient((request) => store.app.fetch(request));
  return { tracking: createRestTrackingStore(http), loggedModels: createRestLoggedModelStore(http), registry: createRestRegistryStore(http) };
});

describeLoggedModelStore('in files', newFileStores);
