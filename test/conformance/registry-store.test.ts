import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createRestRegistryStore } from '../../extension/registry/rest-registry-store.ts';
import { createSqliteRegistryStore } from '../../extension/registry/sqlite-registry-store.ts';
import { openStore } from '../../extension/server/open-store.ts';
import { silentLogger } from '../../extension/shared/logger.ts';
import { appClient } from '../support/app-client.ts';
import { newStoreDatabase, newTempFolder } from '../support/store-database.ts';
import { newFileStores } from '../support/file-store.ts';
import { describeRegistryStore } from './registry-store.ts';

describeRegistryStore('in SQLite', () => createSqliteRegistryStore(newStoreDatabase()));

describeRegistryStore('over REST', () => {
  const store = openStore({ path: join(newTempFolder(), 'mlflow.db'), create: true }, { log: silentLogger });
  onTestFinished(() => store.dispose());
  return createRestRegistryStore(appClient((request) => store.app.fetch(request)));
});

// A name is the name of a folder.
describeRegistryStore('in files', () => newFileStores().registry, { longestName: 255 });
