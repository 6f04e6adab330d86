import { expect, onTestFinished, test } from 'vitest';

import { nodeCommand, run } from '../../extension/shared/process.ts';
import { storeNamesRequest, type InitializationOptions } from '../../schemas/lsp-protocol.ts';
import { LanguageClient } from '../support/language-client.ts';
import { bundleLanguageServer } from '../support/language-server-bundle.ts';

const bundle = await bundleLanguageServer();

const pulls = { textDocument: { diagnostic: {} } };
const uri = 'file:///project/MLproject';

const connect = async (...args: readonly string[]): Promise<LanguageClient> => {
  const client = LanguageClient.start(process.execPath, args);
  onTestFinished(async () => client.stop());
  await client.initialize({ capabilities: pulls });
  return client;
};

test('the bundled process answers over stdio', async () => {
  const client = await connect(bundle.server, '--stdio');
  await client.open(uri, 'nmae: wine\n');
  expect(await client.request('textDocument/diagnostic', { textDocument: { uri } })).toMatchObject({ kind: 'full', items: [{ code: 'unknown-key' }] });
  await client.change(uri, { range: { start: { line: 0, character: 0 }, end: { line: 0, character: 4 } }, newText: 'name' });
  expect(await client.request('textDocument/diagnostic', { textDocument: { uri } })).toMatchObject({ kind: 'full', items: [] });
});

test('the command line starts the same server for other editors', async () => {
  const client = await connect(bundle.cli, 'language-server', '--stdio');
  await client.open(uri, 'nmae: wine\n');
  expect(await client.request('textDocument/diagnostic', { textDocument: { uri } })).toMatchObject({ items: [{ code: 'unknown-key' }] });
  const items = await client.request('textDocument/completion', { textDocument: { uri }, position: { line: 1, character: 0 } });
  expect(items).toEqual(expect.arrayContaining([expect.objectContaining({ label: 'entry_points' })]));
});

test('the command line wants to be told how to speak', async () => {
  const { code, stderr } = await run({ ...nodeCommand(bundle.cli, ['language-server']), cwd: '.' });
  expect(code).toBe(2);
  expect(stderr).toContain('--stdio');
});

test('a host that says so is asked for the names in its store, before anyone needs them', async () => {
  const client = LanguageClient.start(process.execPath, [bundle.server, '--stdio']);
  onTestFinished(async () => client.stop());
  const asked = new Promise((resolve) => {
    client.connection.onRequest(storeNamesRequest.method, (parameters) => {
      resolve(parameters);
      return { store: 'mlflow.db', experiments: [], runs: [], models: [{ name: 'wine', versions: [1], aliases: [{ alias: 'champion', version: 1 }] }] };
    });
  });
  const options: InitializationOptions = { answersHostRequests: true };
  await client.initialize({ initializationOptions: options });
  const lines = ['entry_points:', '  main:', '    parameters:', '      model: {type: uri, default: models:/}', '    command: ls', ''];
  await client.open(uri, lines.join('\n'));
  expect(await asked).toEqual({ document: uri });
  const items = await client.request('textDocument/completion', { textDocument: { uri }, position: { line: 3, character: 42 } });
  expect(items).toEqual(expect.arrayContaining([expect.objectContaining({ label: 'models:/wine@champion' })]));
});
