import { expect, test } from 'vitest';

import { runsOf } from '../../extension/host/run-items.ts';

const item = (runId: string): unknown => ({ run: { storeId: 'store', runId } });

test('a menu hands the clicked item, and all selected ones when there are several', () => {
  expect(runsOf(item('a'))).toEqual([{ storeId: 'store', runId: 'a' }]);
  expect(runsOf(item('a'), [item('a'), item('b')])?.map(({ runId }) => runId)).toEqual(['a', 'b']);
});

test('what is no run is left out', () => {
  expect(runsOf(item('a'), [item('a'), { kind: 'experiment' }])).toHaveLength(1);
  expect(runsOf(undefined)).toBeUndefined();
  expect(runsOf({ run: { storeId: 1, runId: 'a' } })).toBeUndefined();
});
