import { expect, onTestFinished, test } from 'vitest';

import { createBatcher } from '../../extension/shared/batcher.ts';

test('the first item is worked on at once, what comes meanwhile in one batch', async () => {
  const batches: (readonly number[])[] = [];
  const batcher = createBatcher<number>(1, async (batch) => void batches.push(batch));
  onTestFinished(() => batcher.dispose());
  batcher.add(1);
  expect(batches).toEqual([[1]]);
  batcher.add(2);
  batcher.add(3);
  await expect.poll(() => batches).toEqual([[1], [2, 3]]);
});

test('nothing is worked on after the end', () => {
  const batches: (readonly number[])[] = [];
  const batcher = createBatcher<number>(1, async (batch) => void batches.push(batch));
  batcher.dispose();
  batcher.add(1);
  expect(batches).toEqual([]);
});
