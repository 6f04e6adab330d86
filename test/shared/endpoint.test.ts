import { expect, test } from 'vitest';

import { callEndpoint, endpoint, type EndpointRequest } from '../../extension/shared/endpoint.ts';

const echo = endpoint({
  method: 'POST',
  path: '/echo',
  fields: {
    run_id: { type: 'string', required: true },
    value: { type: 'double' },
    step: { type: 'count', max: 100 },
    timestamp: { type: 'int64' },
    order_by: { type: 'string', repeated: true },
    view_type: { type: 'enum', names: { ACTIVE_ONLY: 1, ALL: 3 } },
    tags: { type: 'message', repeated: true, fields: { key: { type: 'string', required: true }, value: { type: 'string' } } },
  },
  handle: (request) => request,
});

const query = endpoint({ ...echo, method: 'GET', fields: { flag: { type: 'bool' }, ids: { type: 'string', repeated: true } }, handle: (request) => request });

const request = (parts: Partial<EndpointRequest>): EndpointRequest => ({
  query: new URLSearchParams(),
  pathParameters: {},
  contentType: 'application/json',
  body: '',
  ...parts,
});
const post = (body: string, contentType: string | undefined = 'application/json'): Promise<object> =>
  callEndpoint(echo, request({ body, contentType }), AbortSignal.timeout(1000));
const get = (text: string): Promise<object> => callEndpoint(query, request({ query: new URLSearchParams(text) }), AbortSignal.timeout(1000));

const hint = 'See the API docs for more information about request parameters.';

test('numbers, enums and lists come in every form that protobuf takes', async () => {
  const body = { runId: 'r', value: 'NaN', step: '7', view_type: 3, tags: [{ key: 'k' }], unknown: [[{}]] };
  expect(await post(JSON.stringify(body))).toEqual({ run_id: 'r', value: NaN, step: 7, order_by: [], view_type: 'ALL', tags: [{ key: 'k' }] });
});

test.each([
  ['9007199254740991', 2 ** 53 - 1],
  ['9007199254740993', 2n ** 53n + 1n],
  ['-9223372036854775808', -(2n ** 63n)],
  ['"9223372036854775807"', 2n ** 63n - 1n],
  ['1e17', 10n ** 17n],
  ['1e3', 1000],
])('the integer %s keeps all its digits', async (text, timestamp) => {
  expect(await post(`{"run_id":"r","timestamp":${text}}`)).toMatchObject({ timestamp });
});

test('run_uuid stands for run_id, null is absent, JSON may be encoded twice', async () => {
  const body = JSON.stringify({ run_uuid: 'r', value: null, step: '1.0' });
  expect(await post(JSON.stringify(body))).toEqual({ run_id: 'r', step: 1, order_by: [], tags: [] });
});

test.each([
  ['{}', `Missing value for required parameter 'run_id'. ${hint}`],
  ['{"run_id":""}', `Missing value for required parameter 'run_id'. ${hint}`],
  ['{"run_id":5}', `Invalid value 5 for parameter 'run_id' supplied:  Hint: Value was of type 'int'. ${hint}`],
  ['{"run_id":"\\ud800"}', `Invalid value "\\ud800" for parameter 'run_id' supplied:  Hint: Value was of type 'str'. ${hint}`],
  ['{"run_id":"r","value":"nan"}', `Invalid value "nan" for parameter 'value' supplied:  Hint: Value was of type 'str'. ${hint}`],
  ['{"run_id":"r","value":1e400}', `Invalid value Infinity for parameter 'value' supplied:  Hint: Value was of type 'float'. ${hint}`],
  ['{"run_id":"r","step":1.5}', `Invalid value 1.5 for parameter 'step' supplied:  Hint: Value was of type 'float'. ${hint}`],
  ['{"run_id":"r","step":"9223372036854775808"}', `Invalid value "9223372036854775808" for parameter 'step' supplied:  Hint: Value was of type 'str'. ${hint}`],
  [
    '{"run_id":"r","timestamp":9223372036854775808}',
    `Invalid value 9223372036854775808 for parameter 'timestamp' supplied:  Hint: Value was of type 'int'. ${hint}`,
  ],
  ['{"run_id":"r","step":101}', `Invalid value 101 for parameter 'step' supplied:  Hint: Value was of type 'int'. ${hint}`],
  ['{"run_id":"r","order_by":"a"}', `Invalid value "a" for parameter 'order_by' supplied:  Hint: Value was of type 'str'. ${hint}`],
  ['{"run_id":"r","order_by":[1]}', `Invalid value [1] for parameter 'order_by' supplied:  Hint: Value was of type 'list'. ${hint}`],
  ['{"run_id":"r","view_type":"NONE"}', `Invalid value "NONE" for parameter 'view_type' supplied:  Hint: Value was of type 'str'. ${hint}`],
  ['{"run_id":"r","tags":[{"value":"v"}]}', `Missing value for required parameter 'tags[0].key'. ${hint}`],
  ['{"run_id":"r","orderBy":[],"order_by":[]}', "Request specifies both 'order_by' and 'orderBy'; provide only one of them."],
  ['[]', 'The request body must be a JSON object.'],
  ['{"run_id":"r","run_id":"s"}', 'The request body has an object with the same key twice.'],
  [`{"x":${'['.repeat(64)}${']'.repeat(64)}}`, 'The request body is nested more than 64 levels deep.'],
])('%s is refused with MLflow’s words', async (body, message) => {
  await expect(post(body)).rejects.toMatchObject({ code: 'INVALID_PARAMETER_VALUE', message });
});

test.each(['{"run_id":', '{"run_id":"r"} x', '{"run_id":"r","value":NaN}', '{"run_id":"r","value":Infinity}'])('%s is not valid JSON', async (body) => {
  await expect(post(body)).rejects.toMatchObject({ code: 'INVALID_PARAMETER_VALUE', message: expect.stringContaining('The request body is not valid JSON') });
});

test('a million nested lists are refused by their depth', async () => {
  const nested = `${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`;
  for (const body of [nested, `{"run_id":"r","unknown":${nested}}`, '['.repeat(1_000_000)])
    await expect(post(body)).rejects.toMatchObject({ code: 'INVALID_PARAMETER_VALUE', message: 'The request body is nested more than 64 levels deep.' });
});

test.each([
  ['text/plain', "Bad Request. Content-Type must be one of ['application/json']."],
  ['application/x-www-form-urlencoded', "Bad Request. Content-Type must be one of ['application/json']."],
  ['application/json-patch', "Bad Request. Content-Type must be one of ['application/json']."],
  ['application/json; charset=utf-16', 'Bad Request. The body must be UTF-8, not charset=utf-16.'],
  [undefined, 'Bad Request. Content-Type header is missing.'],
])('a body of the type %s is unsupported: 415', async (contentType, message) => {
  expect(await post('{"run_id":"r"}', 'application/json; charset=utf-8')).toMatchObject({ run_id: 'r' });
  const refused = { code: 'UNSUPPORTED_MEDIA_TYPE', httpStatus: 415, message };
  for (const method of ['POST', 'PATCH', 'DELETE'] as const)
    await expect(callEndpoint({ ...echo, method }, request({ contentType, body: '{"run_id":"r"}' }), AbortSignal.timeout(1000))).rejects.toMatchObject(refused);
  await expect(callEndpoint(echo, request({ contentType }), AbortSignal.timeout(1000))).rejects.toMatchObject(refused);
});

test('in a query a list is a repeated key and a boolean is a word', async () => {
  expect(await get('ids=1&ids=2&flag=True&other=1')).toEqual({ ids: ['1', '2'], flag: true });
  await expect(get('flag=1')).rejects.toThrow("Invalid boolean value: 1, must be 'true' or 'false'.");
});
