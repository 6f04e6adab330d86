import { expect, onTestFinished, test, vi } from 'vitest';

import { LiveStore, type AskHost } from '../../language-server/live-store.ts';
import { complete } from '../../language-server/verbs/completion.ts';
import { hover } from '../../language-server/verbs/hover.ts';
import { modelMeaningRequest, storeNamesRequest, type ModelMeaning, type StoreNames } from '../../schemas/lsp-protocol.ts';
import { withCursor, workspaceOf } from './support.ts';

const names: StoreNames = {
  store: 'mlflow.db',
  experiments: ['wine-quality', 'sweeps/rate', 'two words'],
  models: [
    { name: 'wine', versions: [3, 2, 1], aliases: [{ alias: 'champion', version: 2 }] },
    { name: 'two words', versions: [1], aliases: [] },
  ],
  runs: [{ runId: 'abc', name: 'quick', experiment: 'wine-quality' }],
};

const meaning: ModelMeaning = {
  store: 'mlflow.db',
  name: 'wine',
  version: 2,
  aliases: ['champion'],
  description: 'hostile `text` | <b>',
  run: { name: 'quick', metrics: [{ key: 'rmse|x', value: 0.123_456_7 }] },
};

const host =
  (answers: Readonly<Record<string, unknown>>): AskHost =>
  async <Parameters, Result>({ method }: { readonly method: string }, _parameters: Parameters) =>
    answers[method] as Result;

const store = host({ [storeNamesRequest.method]: names, [modelMeaningRequest.method]: meaning });

const withDefault = (parameter: string): string => `entry_points:\n  main:\n    parameters:\n      ${parameter}\n    command: ls\n`;
const withCommand = (command: string): string => `entry_points:\n  main:\n    command: ${command}\n`;

const labelsAt = async (marked: string, ask: AskHost = store): Promise<readonly string[]> => {
  const { document, position } = withCursor(marked);
  return (await complete(document, position, workspaceOf({}, ask))).map(({ label }) => label);
};

test('a default of type uri is offered aliases, the newest version and runs; names that would need quotes are not', async () => {
  expect(await labelsAt(withDefault('model: {type: uri, default: |}'))).toEqual(
    expect.arrayContaining(['models:/wine@champion', 'models:/wine/latest', 'models:/wine/3', 'runs:/abc/']),
  );
  expect((await labelsAt(withDefault('model: {type: uri, default: |}'))).join(' ')).not.toContain('two words');
});

test('of a model that is named, every version', async () => {
  expect(await labelsAt(withDefault('model: {type: uri, default: models:/wine/|}'))).toEqual(
    expect.arrayContaining(['models:/wine/3', 'models:/wine/2', 'models:/wine/1']),
  );
});

test('in a command, where the address begins', async () => {
  expect(await labelsAt(withCommand('mlflow models predict -m models:/wine@|'))).toContain('models:/wine@champion');
  expect(await labelsAt(withCommand('"mlflow models predict -m runs:/|"'))).toContain('runs:/abc/');
});

test('experiments where one is asked for', async () => {
  expect(await labelsAt(withCommand('python train.py --experiment-name |'))).toEqual(expect.arrayContaining(['wine-quality', 'sweeps/rate']));
  expect(await labelsAt(withDefault('experiment_name: {type: string, default: |}'))).toContain('wine-quality');
});

test('hover over an address shows the metrics of its version, and nothing of it is markup', async () => {
  const { document, position } = withCursor(withDefault('model: {type: uri, default: models:/wine@cham|pion}'));
  const found = await hover(document, position, workspaceOf({}, store));
  expect(found?.contents).toMatchObject({
    value: expect.stringMatching(/`wine` version 2: `@champion` \(`mlflow.db`\)[^]*`` hostile `text` \| <b> ``[^]*\| `rmse\\\|x` \| 0.12346 \|/),
  });
});

test('what the store does not know is said', async () => {
  const { document, position } = withCursor(withCommand('mlflow models predict -m models:/no|body/1'));
  const found = await hover(document, position, workspaceOf({}, host({ [modelMeaningRequest.method]: null })));
  expect(found?.contents).toMatchObject({ value: expect.stringContaining('`models:/nobody/1`') });
});

test('a host that never answers holds nothing up, and the list is to be asked for again', async () => {
  const { document, position } = withCursor(withDefault('model: {type: uri, default: |}'));
  const workspace = workspaceOf({}, async () => new Promise<never>(() => undefined));
  expect((await complete(document, position, workspace)).map(({ label }) => label)).toContain('"s3://bucket/path"');
  expect(workspace.live.isWaiting).toBe(true);
});

test('a slow answer is waited for, a second in all', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const asked = Promise.withResolvers<unknown>();
  const live = new LiveStore(async <Parameters, Result>(_request: unknown, _parameters: Parameters) => (await asked.promise) as Result);
  const first = live.names('file:///a');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await first).toBeUndefined();
  // No more timers: this one is not waited for again.
  expect(await live.names('file:///a')).toBeUndefined();
  const other = live.names('file:///b');
  await vi.advanceTimersByTimeAsync(900);
  asked.resolve(names);
  expect(await other).toEqual(names);
});

test('a host that fails is a store without names', async () => {
  expect(await labelsAt(withDefault('model: {type: uri, default: |}'), async () => Promise.reject(new Error('closed')))).toContain('"s3://bucket/path"');
});

test('an answer is kept, and asked for again once the store has changed', async () => {
  let asked = 0;
  const live = new LiveStore(async <Parameters, Result>(_request: unknown, _parameters: Parameters) => {
    asked += 1;
    return { ...names, experiments: [`e${asked}`] } as Result;
  });
  expect((await live.names('file:///a'))?.experiments).toEqual(['e1']);
  expect((await live.names('file:///a'))?.experiments).toEqual(['e1']);
  live.changed();
  expect((await live.names('file:///a'))?.experiments).toEqual(['e1']);
  expect((await live.names('file:///a'))?.experiments).toEqual(['e2']);
  expect(asked).toBe(2);
});

test('a store that comes later is seen by the next one who asks', async () => {
  const answers: (StoreNames | null)[] = [null, names];
  const live = new LiveStore(async <Parameters, Result>(_request: unknown, _parameters: Parameters) => answers.shift() as Result);
  expect(await live.names('file:///a')).toBeUndefined();
  await live.names('file:///a');
  expect((await live.names('file:///a'))?.store).toBe('mlflow.db');
});
