import { pick, type Replay } from '../../support/replay.ts';

const models = '/api/2.0/mlflow/registered-models';
const versions = '/api/2.0/mlflow/model-versions';

type Fields = Readonly<Record<string, unknown>>;

/** PATCH and DELETE carry a body too. */
export const registry = (client: Replay) => ({
  createModel: (fields: Fields) => client.post('/registered-models/create', fields),
  getModel: (name: string) => client.get('/registered-models/get', { name }),
  updateModel: (json: Fields) => client.send({ method: 'PATCH', path: `${models}/update`, json }),
  renameModel: (fields: Fields) => client.post('/registered-models/rename', fields),
  deleteModel: (json: Fields) => client.send({ method: 'DELETE', path: `${models}/delete`, json }),
  setModelTag: (fields: Fields) => client.post('/registered-models/set-tag', fields),
  deleteModelTag: (json: Fields) => client.send({ method: 'DELETE', path: `${models}/delete-tag`, json }),
  setAlias: (fields: Fields) => client.post('/registered-models/alias', fields),
  deleteAlias: (json: Fields) => client.send({ method: 'DELETE', path: `${models}/alias`, json }),
  createVersion: (fields: Fields) => client.post('/model-versions/create', fields),
  getVersion: (name: string, version: string) => client.get('/model-versions/get', { name, version }),
  updateVersion: (json: Fields) => client.send({ method: 'PATCH', path: `${versions}/update`, json }),
  transition: (fields: Fields) => client.post('/model-versions/transition-stage', fields),
  deleteVersion: (json: Fields) => client.send({ method: 'DELETE', path: `${versions}/delete`, json }),
  setVersionTag: (fields: Fields) => client.post('/model-versions/set-tag', fields),
  deleteVersionTag: (json: Fields) => client.send({ method: 'DELETE', path: `${versions}/delete-tag`, json }),
});

const isPrompt = { key: 'mlflow.prompt.is_prompt', value: 'true' };
const source = 's3://bucket/model';

export const modelLifecycle = async (client: Replay): Promise<void> => {
  const send = registry(client);
  await send.createModel({ name: 'wine' });
  await send.createModel({ name: 'wine' });
  await send.createModel({ name: 'beer', description: '', tags: [{ key: 'k', value: 'v' }, { key: 'k', value: 'w' }, { key: 'n' }] });
  await send.createModel({ name: 'cider', description: 'sweet', tags: [] });
  await send.createModel({ name: 'greet', tags: [isPrompt] });
  await send.createModel({ name: 'greet' });
  await send.createModel({ name: 'greet', tags: [isPrompt] });
  await send.createModel({ name: 'wine', tags: [isPrompt] });
  await send.createModel({ name: 'loud', tags: [{ ...isPrompt, value: 'TRUE' }] });
  await send.getModel('beer');
  await send.updateModel({ name: 'beer' });
  await send.updateModel({ name: 'beer', description: 'new' });
  await send.getModel('beer');
  await send.setModelTag({ name: 'beer', key: 'k', value: 'x' });
  await send.setModelTag({ name: 'beer', key: 'empty' });
  await send.deleteModelTag({ name: 'beer', key: 'n' });
  await send.deleteModelTag({ name: 'beer', key: 'never' });
  await send.createVersion({ name: 'beer', source });
  await send.setAlias({ name: 'beer', alias: 'champion', version: '1' });
  await send.renameModel({ name: 'beer', new_name: 'ale' });
  await send.getModel('ale');
  await send.getModel('beer');
  await send.renameModel({ name: 'ale', new_name: 'ale' });
  await client.get('/registered-models/search');
  await client.get('/registered-models/search', { filter: "tags.`mlflow.prompt.is_prompt` = 'true'" });
  await send.deleteModel({ name: 'ale' });
  await send.deleteModel({ name: 'ale' });
  await client.get('/model-versions/search', { filter: "name = 'ale'" });
  await send.createModel({ name: 'ale' });
  await send.createVersion({ name: 'ale', source });
  await send.getModel('ale');
  await client.send({ method: 'DELETE', path: `${models}/delete?name=ale` });
};

export const modelBadInput = async (client: Replay): Promise<void> => {
  const send = registry(client);
  await send.createModel({ name: 'taken' });
  for (const name of [
    'a/b',
    'a:b',
    ' ',
    '',
    '..',
    '.',
    '../x',
    '..x',
    '.x',
    'a b ',
    'é',
    '😀',
    '\u202ex',
    'x'.repeat(300),
    5,
    null,
    ['q'],
    { a: 1 },
    true,
    "it's",
    'a\\b',
    'a%2Fb',
    '\0',
  ]) {
    await send.createModel({ name });
    await send.renameModel({ name: 'taken', new_name: name });
    await send.renameModel({ name, new_name: 'taken' });
    await send.updateModel({ name, description: 'd' });
    await send.deleteModel({ name });
  }
  for (const name of ['a/b', ' ', '', 'none']) await client.get('/registered-models/get', { name });
  await client.get('/registered-models/get');
  await send.createModel({});
  await send.renameModel({ name: 'x' });
  await send.renameModel({ new_name: 'x' });
  for (const tags of [
    'x',
    [1],
    [{}],
    [{ key: '', value: 'v' }],
    [{ value: 'v' }],
    [{ key: 'a*b' }],
    [{ key: './a' }],
    [{ key: 'k'.repeat(251) }],
    [{ key: 'k', value: 'v'.repeat(100_001) }],
    [{ key: 'k', value: 5 }],
    null,
  ]) {
    await send.createModel({ name: `tagged ${JSON.stringify(tags)?.length}`, tags });
  }
  await send.createModel({ name: 'described', description: 5 });
  for (const tag of [{ key: '' }, {}, { key: 'a//b' }, { key: '/a' }, { key: 'k', value: 5 }, { key: 'k', value: null }, { key: 'é ü/x:y.z-_' }]) {
    await send.setModelTag({ name: 'taken', ...tag });
    await send.deleteModelTag({ name: 'taken', ...tag });
  }
  await send.setModelTag({ name: 'none', key: 'k', value: 'v' });
  await send.deleteModelTag({ name: 'none', key: 'k' });
  await send.setModelTag({ key: 'k', value: 'v' });
};

export const modelSearch = async (client: Replay): Promise<void> => {
  const send = registry(client);
  await send.createModel({
    name: 'Wine',
    tags: [
      { key: 'team', value: 'red' },
      { key: 'a b', value: '1' },
      { key: 'q"', value: 'x' },
    ],
  });
  await send.createModel({ name: 'beer', tags: [{ key: 'team', value: 'Red' }] });
  await send.createModel({ name: "it's" });
  await send.createModel({ name: 'greet', tags: [isPrompt, { key: 'team', value: 'red' }] });
  for (const name of ['Wine', 'beer'])
    for (let count = 0; count < 4; count += 1)
      await send.createVersion({
        name,
        source,
        tags: [
          { key: 'z', value: '1' },
          { key: 'a', value: '2' },
        ],
      });
  await send.transition({ name: 'Wine', version: '3', stage: 'Staging' });
  await send.transition({ name: 'Wine', version: '1', stage: 'Production' });
  await send.transition({ name: 'Wine', version: '4', stage: 'Archived' });
  await send.setAlias({ name: 'Wine', alias: 'b', version: '1' });
  await send.setAlias({ name: 'Wine', alias: 'a', version: '2' });
  for (const filter of registeredModelFilters) await client.get('/registered-models/search', { filter });
  for (const order_by of [
    'name',
    'name DESC',
    'name asc',
    'timestamp',
    'timestamp DESC',
    'TIMESTAMP',
    'last_updated_timestamp DESC',
    'creation_timestamp',
    'x',
    'name foo',
    'name asc desc',
    '',
    ' ',
    'attribute.name',
    'name, timestamp',
    '`name`',
    '"name"',
    'name NULLS LAST',
    'tags.a',
    'version_number',
    ['name', 'name DESC'],
    ['timestamp', 'last_updated_timestamp'],
    ['timestamp', 'name DESC'],
  ]) {
    await client.get('/registered-models/search', { order_by });
  }
  for (const max_results of [1, 2, 1000, 1001, 'x', '1.5', '']) await client.get('/registered-models/search', { max_results });
  const first = await client.get('/registered-models/search', { max_results: 1 });
  await client.get('/registered-models/search', { max_results: 1, page_token: pick(first, 'next_page_token') });
  for (const token of ['@@', 'x', '{"offset": 0}', '{"offset": "x"}', '{"offset": "1"}', '{"offset": 100}', '{}']) {
    await client.get('/registered-models/search', { page_token: token.startsWith('{') ? Buffer.from(token).toString('base64') : token });
  }
};

const registeredModelFilters = [
  '',
  ' ',
  "name = 'beer'",
  "name != 'beer'",
  'name = "beer"',
  "name LIKE 'w%'",
  "name ILIKE 'w%'",
  "name like '%e%'",
  "name LIKE '_eer'",
  "name IN ('beer', 'none')",
  "name NOT IN ('beer')",
  "name in ('beer')",
  "name = 'it''s'",
  'name = "it\'s"',
  "attribute.name = 'beer'",
  "attributes.name = 'beer'",
  "tag.team = 'red'",
  "tags.team = 'red'",
  "tags.team != 'red'",
  "tags.team LIKE 'R%' AND tags.team ILIKE 'r%'",
  "tags.`a b` = '1'",
  'tags."a b" = \'1\'',
  "tags.'a b' = '1'",
  "tags.team = 'red' AND name = 'Wine' AND tags.`a b` = '1'",
  "tags.team = 'red' AND tags.team = 'Red'",
  "tags.none != 'x'",
  "tags.`mlflow.prompt.is_prompt` = 'true'",
  "tags.`mlflow.prompt.is_prompt` = 'TRUE'",
  "tags.`mlflow.prompt.is_prompt` != 'false'",
  "tags.`mlflow.prompt.is_prompt` = 'false'",
  "tags.`mlflow.prompt.is_prompt` != 'true' AND tags.team = 'red'",
  "tags.`mlflow.prompt.is_prompt` LIKE 'true'",
  "tags.mlflow.prompt.is_prompt = 'true' AND tags.team = 'red'",
  'name = beer',
  'name = 5',
  "name > 'a'",
  "name <> 'a'",
  "name == 'a'",
  "name NOT LIKE 'a'",
  "name = ('a')",
  'name IN ()',
  "name IN 'a'",
  'name IN (1)',
  "name IN ('a', 1)",
  "name IN ('a'",
  "tags.team IN ('a')",
  'tags.team = red',
  'tags.team = 5',
  "tags.team > 'a'",
  "`name` = 'x'",
  "'name' = 'x'",
  "name = 'a' OR name = 'b'",
  "(name = 'a')",
  "NOT name = 'a'",
  "name = 'a'; name = 'b'",
  "name = 'a';",
  "name = 'a' AND",
  "AND name = 'a'",
  "name = 'beer' name = 'beer'",
  "name = 'a",
  "'a' = name",
  'name',
  'name =',
  'creation_timestamp > 5',
  "description = 'x'",
  'metrics.m > 5',
  "tags = 'x'",
  ".name = 'x'",
  "tags. = 'x'",
  "name BETWEEN 'a' AND 'b'",
  "name = 'beer' -- comment",
  'version = 1',
];
