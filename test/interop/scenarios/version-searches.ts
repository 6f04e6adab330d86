import { pick, type Replay } from '../../support/replay.ts';
import { registry } from './registered-models.ts';

const source = 's3://bucket/model';

export const versionSearch = async (client: Replay): Promise<void> => {
  const send = registry(client);
  await send.createModel({ name: 'fig' });
  await send.createModel({ name: 'Lime' });
  await send.createVersion({
    name: 'fig',
    source: 's3://b/one',
    run_id: 'r1',
    tags: [
      { key: 'k', value: 'a' },
      { key: 'a b', value: '1' },
    ],
  });
  await send.createVersion({
    name: 'fig',
    source: 's3://b/two',
    run_id: 'R2',
    tags: [
      { key: 'k', value: 'A' },
      { key: 'l', value: 'b' },
    ],
  });
  await send.createVersion({ name: 'Lime', source: 's3://b/one', run_id: 'r1' });
  await send.createVersion({ name: 'Lime', source: 's3://b/three' });
  await send.createVersion({ name: 'Lime', source: 's3://b/gone' });
  await send.deleteVersion({ name: 'Lime', version: '3' });
  await send.createModel({ name: 'mixed' });
  await send.createVersion({ name: 'mixed', source });
  await send.createVersion({ name: 'mixed', source: 'dummy-source', tags: [{ key: 'mlflow.prompt.is_prompt', value: 'true' }] });
  for (const filter of modelVersionFilters) await client.get('/model-versions/search', { filter: filter === '' ? "name IN ('fig', 'Lime', 'mixed')" : filter });
  for (const order_by of [
    'name',
    'name DESC',
    'version_number',
    'version_number DESC',
    'creation_timestamp',
    'last_updated_timestamp DESC',
    'attribute.name DESC',
    'attributes.name',
    'tags.name',
    'tags.x',
    'version',
    'run_id',
    'timestamp',
    'x',
    '`name`',
    'name foo',
    '',
    ['version_number', 'name DESC'],
    ['name', 'attribute.name'],
  ]) {
    await client.get('/model-versions/search', { filter: "name IN ('fig', 'Lime')", order_by });
  }
  for (const max_results of [1, 200_000, 200_001, 0, -1, 'x']) await client.get('/model-versions/search', { filter: "name = 'fig'", max_results });
  const first = await client.get('/model-versions/search', { filter: "name = 'fig'", max_results: 1 });
  await client.get('/model-versions/search', { filter: "name = 'fig'", max_results: 1, page_token: pick(first, 'next_page_token') });
  await client.get('/model-versions/search', { page_token: '@@' });
};

const modelVersionFilters = [
  '',
  "name = 'fig'",
  "name != 'fig' AND name != 'mixed'",
  "name = 'mixed'",
  "name LIKE 'l%'",
  "name ILIKE 'l%'",
  "run_id = 'r1'",
  "run_id IN ('r1', 'none')",
  "run_id IN ('R2')",
  "run_id NOT IN ('r1') AND name = 'fig'",
  "run_id LIKE 'r%'",
  "source_path = 's3://b/one'",
  "source_path LIKE '%two'",
  "source_path IN ('x')",
  'version_number = 1 AND name = "fig"',
  "version_number >= '2' AND name = 'fig'",
  "version_number = ' 1 ' AND name = 'fig'",
  'version_number != 1 AND name = "fig"',
  'version_number = 1.5',
  'version_number = 1.0',
  'version_number = 1e1',
  "version_number = 'x'",
  "version_number LIKE '1'",
  "version_number IN ('1')",
  'version_number > -1 AND name = "fig"',
  'version_number = 99999999999999999999',
  'version = 1',
  "version = '1'",
  "tags.k = 'a'",
  "tags.k != 'a'",
  "tags.k ILIKE 'A'",
  "tags.k ILIKE 'a' AND tag.l = 'b'",
  "tags.k = 'a' AND tags.k = 'A'",
  "tags.`a b` = '1'",
  "tags.k IN ('a')",
  'tags.k = 5',
  "tags.`mlflow.prompt.is_prompt` = 'true'",
  "tags.`mlflow.prompt.is_prompt` = 'false'",
  "tags.`mlflow.prompt.is_prompt` != 'true' AND name = 'fig'",
  "stage = 'None'",
  "current_stage = 'None'",
  "status = 'READY'",
  'creation_timestamp > 1',
  "aliases = 'x'",
  'run_id = 5',
  "run_id > 'a'",
  'run_id = r1',
  "attributes.run_id = 'r1'",
  "attribute.run_id = 'r1'",
  "name = 'a' OR name = 'b'",
  "name = 'a'; name = 'b'",
  '1 = version_number',
  'tags.k',
];
