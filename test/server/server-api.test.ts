import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

import { openStore } from '../../extension/server/open-store.ts';
import { silentLogger } from '../../extension/shared/logger.ts';
import { repository } from '../../scripts/tools.ts';
import { conversionsPath, storesPath, workbenchPrefix } from '../../schemas/workbench-api.ts';
import { newTempFolder } from '../support/store-database.ts';

/** `GET /workbench/v1/…` of the rows of its tables; a row may name two methods. */
const documented = (): readonly string[] => {
  const rows = readFileSync(join(repository, 'docs', 'server-api.md'), 'utf8').matchAll(/^\| (.*?) (\/workbench\/v1\/[a-z-]+)(?:\/<id>)?[^`]*` \|/gm);
  return [...rows].flatMap(([, methods = '', path = '']) => [...methods.matchAll(/[A-Z]+/g)].map(([method]) => `${method} ${path}`));
};

test('docs/server-api.md names each endpoint below our prefix with its methods, and no other', () => {
  const { app, dispose } = storeOf(join(newTempFolder(), 'mlflow.db'));
  onTestFinished(dispose);
  const ofStore = app.routes
    .filter(({ path, method }) => path.startsWith(workbenchPrefix) && method !== 'ALL')
    .map(({ method, path }) => `${method} ${path.split('/').slice(0, 4).join('/')}`);
  const ofWindow = [`POST ${storesPath}`, `DELETE ${storesPath}`, `POST ${conversionsPath}`];
  expect([...new Set(documented())].toSorted()).toEqual([...new Set([...ofStore, ...ofWindow])].toSorted());
});

const storeOf = (path: string) => {
  const store = openStore({ path, create: true }, { log: silentLogger });
  return { app: store.app, dispose: () => store.dispose() };
};
