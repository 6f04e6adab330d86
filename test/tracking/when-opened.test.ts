import { expect, test } from 'vitest';

import { whenOpened } from '../../extension/tracking/when-opened.ts';
import { Emitter } from '../../extension/shared/emitter.ts';
import type { StoreState } from '../../extension/tracking/store-connection.ts';

test.each([{ kind: 'ready' }, { kind: 'failed', message: 'no store' }] as const)('a page waits until its store is $kind', async (settled) => {
  const changes = new Emitter<StoreState>();
  let isThere = false;
  const waiting = whenOpened({ state: { kind: 'opening' }, onDidChangeState: changes.event }).then(() => (isThere = true));
  changes.fire({ kind: 'opening' });
  await Promise.resolve();
  expect(isThere).toBe(false);
  changes.fire(settled);
  expect(await waiting).toBe(true);
  await whenOpened({ state: settled, onDidChangeState: changes.event });
});
