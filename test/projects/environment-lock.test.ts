import { existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { withLock } from '../../extension/projects/environment-lock.ts';

const newLock = (): string => join(mkdtempSync(join(tmpdir(), 'lock-')), 'environment.lock');

const options = { onWait: () => {}, signal: new AbortController().signal };

/** Leaves a lock of somebody who is no more, unless there is one. */
const leave = async (lock: string, content: string): Promise<void> => {
  await writeFile(lock, content, { flag: 'wx' }).catch((error: unknown) => expect(error).toMatchObject({ code: 'EEXIST' }));
};

test.each([
  ['a process that has ended', JSON.stringify({ pid: 1, started: 'before the last restart' })],
  ['nobody', ''],
])('of many who find a lock of %s again and again one works at a time, its lock stays, and nothing is left', async (_, content) => {
  const lock = newLock();
  let working = 0;
  const work = async (): Promise<void> => {
    expect(++working).toBe(1);
    for (let turn = 0; turn < 10; turn++) {
      await new Promise(setImmediate);
      expect(existsSync(lock)).toBe(true);
    }
    working--;
  };
  const compete = async (): Promise<void> => {
    for (let round = 0; round < 4; round++) {
      await leave(lock, content);
      await withLock(lock, work, options);
    }
  };
  await Promise.all(Array.from({ length: 6 }, compete));
  await withLock(lock, work, options);
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
