import { pick, type Replay } from '../../support/replay.ts';

export const experimentLifecycle = async (client: Replay): Promise<void> => {
  const created = await client.post('/experiments/create', { name: 'first', tags: [{ key: 'a', value: '1' }, { key: 'b' }] });
  const id = pick(created, 'experiment_id');
  await client.get('/experiments/get', { experiment_id: id });
  await client.get('/experiments/get-by-name', { experiment_name: 'first' });
  await client.post('/experiments/create', { name: 'first' });
  await client.post('/experiments/update', { experiment_id: id, new_name: 'renamed' });
  await client.post('/experiments/update', { experiment_id: id, new_name: 'renamed' });
  await client.post('/experiments/set-experiment-tag', { experiment_id: id, key: 'a', value: '2' });
  await client.post('/experiments/set-experiment-tag', { experiment_id: id, key: 'c' });
  await client.post('/experiments/delete-experiment-tag', { experiment_id: id, key: 'b' });
  await client.post('/experiments/delete-experiment-tag', { experiment_id: id, key: 'b' });
  await client.get('/experiments/get', { experiment_id: id });
  await client.post('/experiments/delete', { experiment_id: id });
  await client.post('/experiments/delete', { experiment_id: id });
  await client.get('/experiments/get', { experiment_id: id });
  await client.get('/experiments/get-by-name', { experiment_name: 'renamed' });
  await client.post('/experiments/update', { experiment_id: id, new_name: 'again' });
  await client.post('/experiments/set-experiment-tag', { experiment_id: id, key: 'a', value: '2' });
  await client.post('/experiments/delete-experiment-tag', { experiment_id: id, key: 'a' });
  await client.post('/runs/create', { experiment_id: id });
  await client.post('/experiments/create', { name: 'renamed' });
  await client.post('/experiments/restore', { experiment_id: id });
  await client.post('/experiments/restore', { experiment_id: id });
  const other = pick(await client.post('/experiments/create', { name: 'other' }), 'experiment_id');
  await client.post('/experiments/update', { experiment_id: other, new_name: 'renamed' });
  await client.post('/experiments/delete', { experiment_id: '0' });
  await client.post('/experiments/restore', { experiment_id: '0' });
  await client.get('/experiments/get', { experiment_id: '0' });
};

export const experimentBadInput = async (client: Replay): Promise<void> => {
  for (const body of [
    {},
    { name: '' },
    { name: null },
    { name: 5 },
    { name: ['a'] },
    { name: 'x'.repeat(501) },
    { name: 'y'.repeat(313) },
    { name: ' ' },
    { name: '/' },
    { name: 'a\nb' },
    { name: '😀 emoji' },
    { name: '\u202eRTL' },
  ]) {
    await client.post('/experiments/create', body);
  }
  for (const tags of ['a', [{}], [{ key: '' }], [{ key: 'a/../b', value: 'x' }], [{ key: 'k'.repeat(251) }], [{ key: 'k', value: 'v'.repeat(20_001) }]]) {
    await client.post('/experiments/create', { name: 'tags', tags });
  }
  for (const [index, artifact_location] of [
    'runs:/x/y',
    'file:///x#/../y',
    'http:///x?/../y',
    's3://b/x?a=..%2f',
    'x'.repeat(2049),
    's3://bucket/path',
    '/tmp/somewhere',
    'file:///tmp/place',
  ].entries()) {
    const reply = await client.post('/experiments/create', { name: `location ${index}`, artifact_location });
    await client.get('/experiments/get', { experiment_id: pick(reply, 'experiment_id') });
  }
  for (const experiment_id of ['abc', '', '1.5', '-1', '999999', '99999999999999999999', ' 0 ', '+0', '00']) {
    await client.get('/experiments/get', { experiment_id });
    await client.post('/experiments/delete', { experiment_id });
    await client.post('/experiments/restore', { experiment_id });
  }
  await client.get('/experiments/get');
  await client.get('/experiments/get', { experimentId: '0' });
  await client.get('/experiments/get-by-name');
  await client.get('/experiments/get-by-name', { experiment_name: '' });
  await client.get('/experiments/get-by-name', { experiment_name: 'nobody' });
  await client.post('/experiments/get', { experiment_id: '0' });
  await client.post('/experiments/update', { experiment_id: '0' });
  await client.post('/experiments/update', { experiment_id: '0', new_name: '' });
  await client.post('/experiments/update', { experiment_id: '0', new_name: 'n'.repeat(501) });
  await client.post('/experiments/set-experiment-tag', { experiment_id: '0' });
  await client.post('/experiments/set-experiment-tag', { experiment_id: '0', key: 'a?b', value: '' });
  await client.post('/experiments/set-experiment-tag', { experiment_id: '0', key: '../b', value: '' });
  await client.post('/experiments/set-experiment-tag', { experiment_id: '77777', key: 'b', value: '' });
  await client.post('/experiments/delete-experiment-tag', { experiment_id: '0' });
};

export const experimentSearch = async (client: Replay): Promise<void> => {
  const ids: string[] = [];
  for (const [name, tags] of [
    ['alpha', [{ key: 'team', value: 'red' }]],
    [
      'Beta',
      [
        { key: 'team', value: 'Red' },
        { key: 'a b', value: 'x' },
      ],
    ],
    ['gamma', []],
    ['delta%', []],
  ] as const) {
    ids.push(pick(await client.post('/experiments/create', { name, tags }), 'experiment_id'));
  }
  await client.post('/experiments/delete', { experiment_id: ids[2] });
  const search = (request: object): Promise<unknown> => client.post('/experiments/search', { max_results: 10, order_by: ['name'], ...request });
  for (const view_type of [undefined, 'ACTIVE_ONLY', 'DELETED_ONLY', 'ALL', 1, 2, 3, '3', 4, 'NONE']) await search({ view_type });
  const filters = [
    '',
    ' ',
    "name = 'alpha'",
    "name != 'alpha'",
    "name LIKE '%a'",
    "name like 'b%'",
    "name ILIKE 'b%'",
    "name IN ('alpha')",
    "attribute.name = 'alpha'",
    "attributes.name = 'alpha'",
    'name = alpha',
    'name = "alpha"',
    'name = 1',
    "name > 'a'",
    "tags.team = 'red'",
    "tag.team ILIKE 'RED'",
    "tags.team != 'red'",
    'tags.`a b` = "x"',
    'tags.team IS NULL',
    'tags.team IS NOT NULL',
    'name IS NULL',
    "tags.team IN ('red')",
    'tags.team = 1',
    "tags.team > 'a'",
    'creation_time > 0',
    'creation_time > 1.5',
    "creation_time > 'a'",
    "creation_time LIKE 'a'",
    'last_update_time >= 9999999999999',
    'creation_time IN (1)',
    `experiment_id = '${ids[0]}'`,
    `experiment_id IN ('${ids[0]}', '${ids[1]}')`,
    `experiment_id NOT IN ('${ids[0]}')`,
    "experiment_id = 'abc'",
    "experiment_id > '1'",
    'experiment_id = 1',
    "experiment_id LIKE '1'",
    "lifecycle_stage = 'active'",
    "foo = 'a'",
    'metrics.a = 1',
    "name = 'a' OR name = 'b'",
    "(name = 'a')",
    "NOT name = 'a'",
    "name = 'a' AND",
    "AND name = 'alpha'",
    "name = 'alpha' AND tags.team = 'red'",
    "name = 'a'; name = 'b'",
    "name = 'it''s'",
    "name = 'a",
    'name',
    "= 'a'",
    '1 = 1',
    "name == 'a'",
    "name <> 'a'",
    "name NOT LIKE 'a'",
    "name LIKE 'delta\\%'",
    'name IN ()',
    'experiment_id IN ()',
    'experiment_id IN (1)',
    "experiment_id IN ('1' '2')",
  ];
  for (const filter of filters) await search({ filter });
  for (const order_by of [
    [],
    ['name DESC'],
    ['name asc'],
    ['creation_time'],
    ['experiment_id'],
    ['experiment_id DESC'],
    ['last_update_time DESC', 'name'],
    ['tags.team'],
    ['foo'],
    ['name FOO'],
    ['name ASC DESC'],
    ['name, experiment_id'],
    [''],
    ['attribute.name DESC'],
    ['attributes.name'],
    ['name', 'name'],
    'name',
    [1],
  ]) {
    await search({ order_by });
  }
  for (const max_results of [0, -1, 50_000, 50_001, '2', 'a', 1.5, null, 2 ** 53]) await client.post('/experiments/search', { max_results });
  await client.post('/experiments/search');
  await client.get('/experiments/search', { max_results: 2, order_by: ['name', 'experiment_id'], view_type: 'ALL' });
  await client.get('/experiments/search', { max_results: 2, view_type: 3, filter: "name LIKE '%a%'", order_by: 'name' });
  await client.get('/experiments/search', { max_results: 'x' });
  const page = await search({ max_results: 2, view_type: 'ALL' });
  await search({ max_results: 2, view_type: 'ALL', page_token: pick(page, 'next_page_token') });
  await search({ max_results: 2, view_type: 'ALL', page_token: Buffer.from('{"offset": 4}').toString('base64') });
  for (const page_token of [
    '@@',
    'abc',
    'YWJj',
    '',
    'e30=',
    Buffer.from('{"offset": 0}').toString('base64'),
    Buffer.from('{"offset": "2"}').toString('base64'),
    Buffer.from('{"offset": 99999999}').toString('base64'),
    Buffer.from('[]').toString('base64'),
  ]) {
    await search({ page_token });
  }
};

/** MLflow takes these, or a part of them; ours refuses them. */
export const experimentRefusals = async (client: Replay): Promise<void> => {
  await client.post('/experiments/create', { name: 'refused 1', artifact_location: 's3://b/x;/../y' });
  await client.post('/experiments/create', { name: 'refused 2', tags: [{ key: 'k', value: 5 }] });
  await client.post('/experiments/create', { name: 'refused 3', tags: [1] });
};
