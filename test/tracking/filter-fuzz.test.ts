import fc from 'fast-check';
import { expect, test } from 'vitest';

import { MlflowError } from '../../extension/shared/errors.ts';
import { SqliteTrackingStore } from '../../extension/tracking/sqlite-tracking-store.ts';
import { asExperimentId } from '../../schemas/ids.ts';
import { spiedDatabase } from '../support/query-plans.ts';
import { newStoreDatabase } from '../support/store-database.ts';

const experimentIds = [asExperimentId('0')];

/** No statement of ours holds this; every text of the user's that reaches SQL must be bound. */
const marker = 'zqx';

const keys = ['lr', 'a b', 'a/b', marker, `${marker}'`, `"${marker}`, 'mlflow.user', 'é'];
const entities = ['metrics', 'metric', 'params', 'parameter', 'tags', 'tag', 'attributes', 'attr', 'run', 'dataset', 'datasets', 'nothing'];
const attributes = [
  'run_id',
  'run_name',
  'status',
  'start_time',
  'end_time',
  'user_id',
  'artifact_uri',
  'created',
  '`Run name`',
  'name',
  'creation_time',
  marker,
];

const quoted = fc.tuple(fc.constantFrom(...keys), fc.constantFrom('`', '"', "'", '')).map(([key, quote]) => `${quote}${key}${quote}`);
const identifier = fc.oneof(
  fc.tuple(fc.constantFrom(...entities), quoted).map(([entity, key]) => `${entity}.${key}`),
  fc
    .tuple(fc.constantFrom('attributes.', 'attribute.', 'dataset.', ''), fc.constantFrom(...attributes, 'digest', 'context'))
    .map(([entity, key]) => entity + key),
);
const comparator = fc.constantFrom(
  '=',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  '<>',
  '==',
  'LIKE',
  'ILIKE',
  'like',
  'IN',
  'NOT IN',
  'IS NULL',
  'is not null',
  'BETWEEN',
  'NOT LIKE',
);
const value = fc.oneof(
  fc.constantFrom(
    '1',
    '-1.5',
    '1e400',
    '.5',
    '+3',
    'NaN',
    '9007199254740993',
    '99999999999999999999',
    `'${marker}'`,
    `"${marker}"`,
    "''",
    `'${marker}''`,
    marker,
  ),
  fc.constantFrom(`('${marker}', 'b')`, `('${marker}',)`, '()', '(1)', `('${marker}' 'b')`, `'; DROP TABLE ${marker}; --'`, `'%${marker}_'`, `'\\'`, ''),
);
const clause = fc.tuple(identifier, comparator, value).map((parts) => parts.join(' '));
const noise = fc.constantFrom(' AND ', ' and ', ' OR ', ' AND NOT ', ' ; ', ' ', ', ', ` -- ${marker}\n`, ` /* ${marker} */ AND `, '\t AND\n');
const grammatical = fc.tuple(clause, fc.array(fc.tuple(noise, clause), { maxLength: 4 })).map(([first, more]) => first + more.flat().join(''));
const filters = fc.oneof({ weight: 4, arbitrary: grammatical }, { weight: 1, arbitrary: fc.string({ maxLength: 60, unit: 'binary' }) });
const orders = fc.tuple(identifier, fc.constantFrom('', ' ASC', ' desc', ' DESC NULLS LAST', `, ${marker}`, ` ${marker}`)).map((parts) => parts.join(''));

/** Answered: with items, or with the words of a user's error. */
const answer = async (work: () => Promise<unknown>): Promise<string> => {
  try {
    await work();
    return 'items';
  } catch (error) {
    return error instanceof MlflowError ? error.code : String(error);
  }
};

test('any filter and order of runs and experiments is answered, and no text of it gets into a statement', async () => {
  const leaks: string[] = [];
  const database = newStoreDatabase();
  const spied = spiedDatabase(database, ({ text }) => {
    if (text.includes(marker)) leaks.push(text);
  });
  const store = new SqliteTrackingStore(spied, { artifactRoot: '/nowhere' });
  const { info } = await store.createRun({ experimentId: asExperimentId('0'), startTime: 1, tags: [{ key: marker, value: marker }] });
  await store.logBatch({ runId: info.runId, params: [{ key: marker, value: marker }], metrics: [{ key: marker, value: 1, timestamp: 1, step: 1 }] });
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(filters, orders, async (filter, order) => {
      const answers = [
        await answer(() => store.searchRuns({ experimentIds, filter, maxResults: 10 })),
        await answer(() => store.searchRuns({ experimentIds, orderBy: [order], maxResults: 10 })),
        await answer(() => store.searchExperiments({ filter, maxResults: 10 })),
        await answer(() => store.searchExperiments({ orderBy: [order], maxResults: 10 })),
      ];
      for (const one of answers) seen.add(one);
      expect(answers.filter((one) => one !== 'items' && one !== 'INVALID_PARAMETER_VALUE')).toEqual([]);
      expect(leaks).toEqual([]);
    }),
    { numRuns: process.env['MLFLOW_WORKBENCH_TEST_FULL'] === undefined ? 1000 : 50_000 },
  );
  expect([...seen].toSorted()).toEqual(['INVALID_PARAMETER_VALUE', 'items']);
  expect((await store.getRun(info.runId)).params).toEqual([{ key: marker, value: marker }]);
});
