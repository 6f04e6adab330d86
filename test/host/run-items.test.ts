import { expect, test } from 'vitest';

import { chosenRuns, runsOf } from '../../extension/host/run-items.ts';

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

test('a key is about the runs that are selected; a row that VS Code did not know is about none of them', () => {
  const selected = (): ReturnType<typeof chosenRuns> => runsOf(item('selected')) ?? [];
  expect(chosenRuns([], selected).map(({ runId }) => runId)).toEqual(['selected']);
  expect(chosenRuns([item('clicked')], selected).map(({ runId }) => runId)).toEqual(['clicked']);
  expect(chosenRuns([undefined, undefined], selected)).toEqual([]);
});
