import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, onTestFinished, test } from 'vitest';

import { openStore } from '../../extension/server/open-store.ts';
import { unservedFamilies, unservedFamilyOf, type UnservedFamily } from '../../extension/server/unserved.ts';
import { silentLogger } from '../../extension/shared/logger.ts';
import { run } from '../../extension/shared/process.ts';
import { pythonPath } from '../support/python.ts';
import { newTempFolder } from '../support/store-database.ts';

/** Written so in MLflow's own declaration, without the slash: its pages call another route, which has it. */
const misprinted = ['POST /ajax-api/2.0mlflow/experiments/search-datasets', 'POST /api/2.0mlflow/experiments/search-datasets'];

const listRoutes = async (): Promise<readonly (readonly [method: string, path: string])[]> => {
  const script = fileURLToPath(new URL('../support/list_routes.py', import.meta.url));
  const output = await run({ file: pythonPath(), args: [script] });
  return JSON.parse(output.stdout.trim().split('\n').at(-1) ?? '') as [string, string][];
};

/** `<path:name>` of Flask and `{name:path}` of FastAPI become a name. */
const concrete = (path: string): string => path.replaceAll(/<[^>]+>|\{[^}]+\}/g, 'x');

test('every route of the newest mlflow is answered, or refused in words that say why', async () => {
  const store = openStore({ path: join(newTempFolder(), 'mlflow.db'), create: true }, { log: silentLogger });
  onTestFinished(() => store.dispose());
  const routes = await listRoutes();
  expect(routes.length).toBeGreaterThan(400);
  const refused = new Set<UnservedFamily>();
  const lost: string[] = [];
  for (const [method, path] of routes) {
    const headers = { 'content-type': 'application/json' };
    const reply = await store.app.request(concrete(path), { method, headers, ...(method === 'GET' ? {} : { body: '{}' }) });
    const body = await reply.text();
    expect.soft(reply.status === 501 ? 400 : reply.status, `${method} ${path} ${body}`).toBeLessThan(500);
    if (!body.includes('ENDPOINT_NOT_FOUND')) continue;
    const family = unservedFamilyOf(concrete(path));
    if (family === undefined) lost.push(`${method} ${path}`);
    else {
      refused.add(family);
      expect.soft(body).toContain(`${family.what}: ${family.why}`);
    }
  }
  expect(lost).toEqual(misprinted);
  expect([...refused].map(({ what }) => what).toSorted(), 'no family is left over').toEqual(unservedFamilies.map(({ what }) => what).toSorted());
});
