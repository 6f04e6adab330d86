import { expect, onTestFinished, test } from 'vitest';

import { RowRefreshes } from '../../extension/host/row-refreshes.ts';

interface Row {
  readonly id: string;
}

const [store, experiment, run] = [{ id: 'store' }, { id: 'experiment' }, { id: 'run' }];

const newRefreshes = () => {
  const fired: (readonly string[] | 'all')[] = [];
  const refreshes = new RowRefreshes<Row>({ fire: (rows) => fired.push(rows?.map(({ id }) => id) ?? 'all'), isTop: ({ id }) => id === 'store' });
  onTestFinished(() => refreshes.dispose());
  return { fired, refreshes };
};

test('rows are shown again each once; those at the top, and when it is not known which, all of them', async () => {
  const { fired, refreshes } = newRefreshes();
  refreshes.add([run, experiment, run]);
  refreshes.add([store]);
  await expect.poll(() => fired).toEqual([['run', 'experiment'], 'all']);
  refreshes.add(undefined);
  await expect.poll(() => fired).toEqual([['run', 'experiment'], 'all', 'all']);
});

test('while the children of a row are being read, all rows are shown again, or VS Code puts these children at the root', async () => {
  const { fired, refreshes } = newRefreshes();
  const { promise, resolve } = Promise.withResolvers<string>();
  const reading = refreshes.whileReading(() => promise);
  refreshes.add([run]);
  expect(fired).toEqual(['all']);
  resolve('read');
  expect(await reading).toBe('read');
  refreshes.add([run]);
  await expect.poll(() => fired).toEqual(['all', ['run']]);
});

test('a reading that fails is over', async () => {
  const { fired, refreshes } = newRefreshes();
  await expect(refreshes.whileReading(async () => Promise.reject(new Error('cut')))).rejects.toThrow('cut');
  refreshes.add([run]);
  await expect.poll(() => fired).toEqual([['run']]);
});
