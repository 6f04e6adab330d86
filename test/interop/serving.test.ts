import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';

import { createRestArtifactRepository } from '../../extension/artifacts/rest-artifact-repository.ts';
import { describeModel } from '../../extension/models/describe-model.ts';
import { checkEnvironment, readOrigin } from '../../extension/models/model-surroundings.ts';
import { openStoreModel } from '../../extension/models/store-model-files.ts';
import { silentLogger } from '../../extension/shared/logger.ts';
import { ServerProcess } from '../../extension/shared/server-process.ts';
import { createRestTrackingStore } from '../../extension/tracking/rest-tracking-store.ts';
import { serverScript } from '../support/run-site.ts';
import { dockerfileArgs, exportArgs, runMlflow, type MlflowRun } from '../../extension/models/mlflow-command.ts';
import { predictFile, predictionsPath } from '../../extension/models/predict-file.ts';
import { folderFiles } from '../../extension/models/model-files.ts';
import { readModelInput } from '../../extension/models/model-input.ts';
import type { ModelServer } from '../../extension/models/model-server.ts';
import { modelSnippets } from '../../extension/models/snippet.ts';
import { createScoringClient } from '../../extension/models/scoring-client.ts';
import { identify } from '../../extension/shared/process-tree.ts';
import type { ScoringReply, ScoringRequest } from '../../schemas/serve-page.ts';
import { shapeOf } from '../../webviews/serve/request/fields.ts';
import { fillForm } from '../../webviews/serve/request/fill.ts';
import { readForm } from '../../webviews/serve/request/form.ts';
import { bodyOf, contentTypeOf, formatsFor } from '../../webviews/serve/request/formats.ts';
import { readReply } from '../../webviews/serve/reply/read-reply.ts';
import { pythonPath } from '../support/python.ts';
import { newServingSite, outputOfServer, phaseOf, startServer } from '../support/serving-site.ts';

let root: string;
let logged: { readonly runId: string; readonly modelId: string };

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'trained-'));
  const printed = execFileSync(pythonPath(), ['test/support/train_models.py', root], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  logged = JSON.parse(printed.trim().split('\n').at(-1) ?? '') as typeof logged;
});

afterAll(async () => rm(root, { recursive: true }));

const serve = async (modelUri: string): Promise<ModelServer> => {
  const store = { kind: 'sqlite', path: join(root, 'mlflow.db') } as const;
  const server = await startServer(newServingSite(), { modelUri, interpreter: pythonPath(), workspaceFolder: root }, { store });
  const state = await phaseOf(server, 'ready', 'failed');
  expect(state.phase, `${JSON.stringify(state)} ${await outputOfServer(server)}`).toBe('ready');
  return server;
};

const ask = async ({ state }: ModelServer, request: ScoringRequest): Promise<ScoringReply> => {
  const client = createScoringClient('port' in state ? state.port : 0);
  try {
    return await client.score(request);
  } finally {
    client.dispose();
  }
};

const expected = (name: string): unknown => JSON.parse(readFileSync(join(root, `${name}.expected.json`), 'utf8'));
const predictions = ({ body }: Pick<ScoringReply, 'body'>): unknown => (JSON.parse(body) as { readonly predictions: unknown }).predictions;

/** What the page sends when nobody has changed the example, in each format. */
const requestsFor = async (name: string): Promise<readonly ScoringRequest[]> => {
  const input = await readModelInput(folderFiles(join(root, name)));
  const shape = shapeOf(input.signature, input.isFromTypeHints);
  const typed = fillForm(shape, input.example ?? '');
  const read = typed && readForm(shape, typed);
  if (read === undefined) throw new Error(`There is no form for ${name}`);
  expect(read.problems).toEqual([]);
  return formatsFor(shape).map((format) => ({ contentType: contentTypeOf(format), body: bodyOf(read.data, read.params, format, false) }));
};

test('a model of scikit-learn predicts what it predicts in Python, in every format', async () => {
  const server = await serve(join(root, 'regression'));
  for (const request of await requestsFor('regression')) {
    const reply = await ask(server, request);
    expect(reply.status, request.body + reply.body).toBe(200);
    expect(predictions(reply), request.body).toEqual(expected('regression'));
  }
  const missing = await ask(server, { contentType: 'application/json', body: '{"dataframe_split": {"columns": ["a"], "data": [[1.5]]}}' });
  expect(readReply(missing)).toMatchObject({ kind: 'failure', failure: { fields: ['b'], message: expect.stringContaining('Model is missing inputs') } });
  const wrong = await ask(server, { contentType: 'application/json', body: '{"dataframe_split": {"columns": ["a", "b"], "data": [["x", 1]]}}' });
  expect(readReply(wrong)).toMatchObject({ kind: 'failure', failure: { fields: ['a'] } });
  const pid = 'process' in server.state ? server.state.process.pid : 0;
  server.stop();
  await phaseOf(server, 'stopped');
  expect(await identify(pid)).toBeUndefined();
});

test('a pyfunc with params, code paths and two outputs answers with a table', async () => {
  const server = await serve(join(root, 'scaled'));
  const [request] = await requestsFor('scaled');
  const reply = await ask(server, request ?? { contentType: 'application/json', body: '' });
  expect(predictions(reply)).toEqual(expected('scaled'));
  expect(readReply(reply)).toMatchObject({
    kind: 'table',
    table: {
      columns: ['scaled', 'label'],
      rows: [
        [{ text: '3' }, { text: '1' }],
        [{ text: '6' }, { text: '2' }],
        [{ text: '10.5' }, { text: '4' }],
      ],
    },
  });
  const bad = await ask(server, {
    contentType: 'application/json',
    body: '{"dataframe_split": {"columns": ["a", "b"], "data": [[1.5, 1]]}, "params": {"factor": "x"}}',
  });
  expect(readReply(bad)).toMatchObject({ kind: 'failure', failure: { fields: ['factor'] } });
});

test('a model without a signature is asked by hand', async () => {
  const input = await readModelInput(folderFiles(join(root, 'unsigned')));
  expect(shapeOf(input.signature, input.isFromTypeHints).data.kind).toBe('free');
  const server = await serve(join(root, 'unsigned'));
  const reply = await ask(server, {
    contentType: 'application/json',
    body: '{"dataframe_split": {"columns": ["a", "b"], "data": [[1.0, 1], [2.0, 2], [3.5, 4]]}}',
  });
  expect(predictions(reply)).toEqual(expected('unsigned'));
});

test('models of a store are served by their addresses: alias, run and logged model at once', async () => {
  const uris = ['models:/wine@champion', `models:/${logged.modelId}`, `runs:/${logged.runId}/model`];
  const servers = await Promise.all(uris.map(serve));
  const [request] = await requestsFor('regression');
  for (const server of servers) {
    expect(predictions(await ask(server, request ?? { contentType: 'application/json', body: '' }))).toEqual(expected('regression'));
  }
  expect(new Set(servers.map(({ state }) => ('port' in state ? state.port : 0))).size).toBe(3);
});

test('a model that is not there has failed in the words of mlflow', async () => {
  const store = { kind: 'sqlite', path: join(root, 'mlflow.db') } as const;
  const server = await startServer(newServingSite(), { modelUri: 'models:/nope/1', interpreter: pythonPath(), workspaceFolder: root }, { store });
  expect(await phaseOf(server, 'failed', 'ready')).toMatchObject({ failure: { message: expect.stringContaining('nope') } });
});

const runOf = (modelUri: string): Omit<MlflowRun, 'args'> => ({
  request: { modelUri, manager: 'local', variables: [], interpreter: pythonPath(), workspaceFolder: root },
  store: { kind: 'sqlite', path: join(root, 'mlflow.db') },
  allowed: [],
  onLine: () => {},
});

test('a file of CSV and one of JSON are predicted as in Python, beside the input, which keeps what is there', async () => {
  const csv = join(root, 'rows.csv');
  await writeFile(csv, 'a,b\n1.0,1\n2.0,2\n3.5,4\n');
  for (const name of ['rows.predictions.json', 'rows.predictions-2.json']) {
    const output = predictionsPath(csv);
    expect(basename(output)).toBe(name);
    await predictFile(runOf('models:/wine@champion'), csv, output, new AbortController().signal);
    expect(predictions({ body: readFileSync(output, 'utf8') })).toEqual(expected('regression'));
  }
  const json = join(root, 'scaled', 'serving_input_example.json');
  await predictFile(runOf(join(root, 'scaled')), json, predictionsPath(json), new AbortController().signal);
  expect(predictions({ body: readFileSync(join(root, 'scaled', 'serving_input_example.predictions.json'), 'utf8') })).toEqual(expected('scaled'));
});

test('a file that is none is refused in the words of mlflow, and what is given up ends', async () => {
  const broken = join(root, 'broken.json');
  await writeFile(broken, '[1, 2');
  await expect(predictFile(runOf(join(root, 'regression')), broken, predictionsPath(broken), new AbortController().signal)).rejects.toThrow(
    /Invalid input|JSON/,
  );
  const giveUp = new AbortController();
  const run = predictFile(runOf(join(root, 'regression')), join(root, 'rows.csv'), join(root, 'never.json'), giveUp.signal);
  giveUp.abort();
  await expect(run).rejects.toThrow(/abort/i);
  expect(existsSync(join(root, 'never.json'))).toBe(false);
});

test('a Dockerfile is written as mlflow writes it, a folder handed out, and the snippet of a model predicts', async () => {
  const signal = new AbortController().signal;
  const [ours, theirs, exported] = ['ours', 'theirs', 'exported'].map((name) => join(root, name));
  await runMlflow({ ...runOf('models:/wine/1'), args: dockerfileArgs('models:/wine/1', ours ?? '') }, signal);
  const uri = `sqlite:///${join(root, 'mlflow.db')}`;
  const args = ['-m', 'mlflow', 'models', 'generate-dockerfile', '-m', 'models:/wine/1', '-d', theirs ?? ''];
  execFileSync(pythonPath(), args, { env: { ...process.env, MLFLOW_TRACKING_URI: uri }, stdio: 'ignore' });
  expect(readFileSync(join(ours ?? '', 'Dockerfile'), 'utf8')).toBe(readFileSync(join(theirs ?? '', 'Dockerfile'), 'utf8'));
  await runMlflow({ ...runOf('models:/wine/1'), args: exportArgs('models:/wine/1', exported ?? '') }, signal);
  expect(readdirSync(exported ?? '')).toEqual(expect.arrayContaining(['MLmodel', 'requirements.txt']));
  const [python] = modelSnippets('models:/wine/1', { kind: 'sqlite', path: join(root, 'mlflow.db') }, process.platform);
  const data = 'import json, pandas\ndata = pandas.DataFrame({"a": [1.0, 2.0, 3.5], "b": [1, 2, 4]})';
  const script = `${data}\n${python?.text}print(json.dumps(predictions.tolist()))`;
  expect(JSON.parse(execFileSync(pythonPath(), ['-c', script], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))).toEqual(expected('regression'));
});

test('the page of a model of a store knows its files, its run, and the versions and aliases that point to it', async () => {
  const server = new ServerProcess(serverScript, silentLogger);
  onTestFinished(() => server.dispose());
  const { http } = await server.openStore({ path: join(root, 'mlflow.db'), create: false });
  const store = { http, artifacts: createRestArtifactRepository(http), tracking: createRestTrackingStore(http) };
  for (const modelUri of ['models:/wine@champion', 'models:/wine/latest', `models:/${logged.modelId}`, `runs:/${logged.runId}/model`]) {
    const origin = await openStoreModel(store, modelUri);
    const page = await describeModel(origin.files, { label: 'wine', modelUri, source: 'mlflow.db' });
    expect(page, modelUri).toMatchObject({ problems: [], canServe: true, environmentFiles: expect.arrayContaining(['requirements.txt']) });
    expect(
      page.files?.map(({ path }) => path),
      modelUri,
    ).toEqual(expect.arrayContaining(['MLmodel', 'model.skops']));
    expect(await readOrigin(store, origin), modelUri).toMatchObject({
      run: { runId: logged.runId },
      versions: [{ name: 'wine', version: 1, aliases: ['champion'] }],
    });
    expect((await readModelInput(origin.files)).example, modelUri).toContain('dataframe_split');
  }
  const check = await checkEnvironment(folderFiles(join(root, 'regression')), pythonPath());
  const version = execFileSync(pythonPath(), ['-c', 'import platform; print(platform.python_version())'], { encoding: 'utf8' }).trim();
  expect(check).toMatchObject({ kind: 'checked', python: { required: version, installed: version } });
  expect(check.kind === 'checked' && check.packages.every(({ verdict }) => verdict === 'met')).toBe(true);
  await expect(openStoreModel(store, 'models:/wine@nobody')).rejects.toThrow();
  await expect(openStoreModel(store, 'models:/nope/1')).rejects.toThrow(/not found/i);
});
