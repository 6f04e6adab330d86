import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { withLock } from '../../extension/projects/environment-lock.ts';

const newLock = (): string => join(mkdtempSync(join(tmpdir(), 'lock-')), 'environment.lock');

const options = { onWait: () => {}, signal: new AbortController().signal };

test.each([
  ['a process that has ended', JSON.stringify({ pid: 1, started: 'before the last restart' })],
  ['nobody', ''],
])('of many who find a lock of %s one works at a time, and nothing is left', async (_, content) => {
  const lock = newLock();
  writeFileSync(lock, content);
  let working = 0;
  let most = 0;
  const work = async (): Promise<void> => {
    most = Math.max(most, ++working);
    await new Promise(setImmediate);
    working--;
  };
  await Promise.all(Array.from({ length: 6 }, async () => await withLock(lock, work, options)));
  expect(most).toBe(1);
  expect(readdirSync(join(lock, '..'))).toEqual([]);
});

test('who waits can give up, and who works is not disturbed', async () => {
  const lock = newLock();
  const controller = new AbortController();
  const told = await withLock(
    lock,
    async () => {
      const waiting = withLock(lock, async () => {}, { onWait: () => controller.abort(), signal: controller.signal });
      await expect(waiting).rejects.toThrow('aborted');
      return readdirSync(join(lock, '..'));
    },
    options,
  );
  expect(told).toEqual(['environment.lock']);
});
