import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { CancellationTokenSource, LSPErrorCodes, ResponseError } from 'vscode-languageserver/node';
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

test('what a client sends without waiting for the answer to `initialize` is answered in its turn', async () => {
  const client = LanguageClient.start(process.execPath, [bundle.server, '--stdio']);
  onTestFinished(async () => client.stop());
  const introduced = client.initialize({ capabilities: pulls });
  await client.open(uri, 'nmae: wine\n');
  expect(await client.request('textDocument/diagnostic', { textDocument: { uri } })).toMatchObject({ items: [{ code: 'unknown-key' }] });
  expect(await introduced).toMatchObject({ serverInfo: { name: 'MLflow' } });
});

test('a server of which a part is missing ends and says so, instead of leaving requests unanswered', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mlflow-workbench-language-server-'));
  onTestFinished(async () => await rm(folder, { recursive: true }));
  await copyFile(bundle.server, join(folder, 'language-server.cjs'));
  const server = spawn(process.execPath, [join(folder, 'language-server.cjs'), '--stdio'], { stdio: ['pipe', 'ignore', 'pipe'] });
  const message = JSON.stringify({ jsonrpc: '2.0', method: 'initialized', params: {} });
  server.stdin.write(`Content-Length: ${message.length}\r\n\r\n${message}`);
  const [said, [code]] = await Promise.all([text(server.stderr), once(server, 'exit')]);
  expect(said).toMatch(/The language server is not whole: Cannot find module .*Install MLflow Workbench again/s);
  expect(code).toBe(1);
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

const isAlive = async (client: LanguageClient): Promise<void> => {
  const other = 'file:///other/MLproject';
  await client.open(other, 'nmae: wine\n');
  expect(await client.request('textDocument/diagnostic', { textDocument: { uri: other } })).toMatchObject({ items: [{ code: 'unknown-key' }] });
};

test('edits that are outside the text, negative or the wrong way round do not end the server', async () => {
  const client = await connect(bundle.server, '--stdio');
  await client.open(uri, 'name: wine\n');
  const at = (line: number, character: number) => ({ line, character });
  for (const [start, end] of [
    [at(0, 0), at(900, 900)],
    [at(-1, -5), at(0, 2)],
    [at(5, 5), at(0, 0)],
    [at(0, 99_999), at(0, 99_999)],
  ] as const) {
    await client.change(uri, { range: { start, end }, newText: 'x' });
    await client.request('textDocument/diagnostic', { textDocument: { uri } });
  }
  const changes = [at(0, 0), at(0, 0)].map((start) => ({ range: { start, end: at(0, 4) }, text: 'a: b' }));
  await client.connection.sendNotification('textDocument/didChange', { textDocument: { uri, version: -3 }, contentChanges: changes });
  await client.connection.sendNotification('textDocument/didChange', { textDocument: { uri: 'file:///never/opened', version: 1 }, contentChanges: changes });
  await isAlive(client);
});

test('unknown methods are refused, cancelled requests end, and the server lives', async () => {
  const client = await connect(bundle.server, '--stdio');
  await expect(client.request('mlflow/nothing', {})).rejects.toThrow(/Unhandled method/);
  await expect(client.request('x'.repeat(1_000_000), {})).rejects.toThrow(/Unhandled method/);
  await client.connection.sendNotification('$/cancelRequest', { id: 12_345 });
  await client.connection.sendNotification('$/nothing', {});
  await isAlive(client);
});

test.for(['{', '[]', 'null', '{"jsonrpc":"2.0"}', '{"jsonrpc":"2.0","id":1,"method":3}'])('a message that is %j does not end the server', async (body) => {
  const client = await connect(bundle.server, '--stdio');
  client.process.stdin?.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  await isAlive(client);
});

test.for([
  ['a header without a colon', 'Content-Length 20\r\n\r\n'],
  ['a header without a length', 'Content-Type: text\r\n\r\n'],
  ['a length that is no number', 'Content-Length: many\r\n\r\n'],
  ['a length that is too short', 'Content-Length: 5\r\n\r\n{"jsonrpc":"2.0","method":"x"}\r\n\r\n'],
] as const)('%s does not end the server, and what comes next is read', async ([, text]) => {
  const client = await connect(bundle.server, '--stdio');
  client.process.stdin?.write(text);
  let lives = false;
  const answered = isAlive(client).then(() => (lives = true));
  // What came together with the bad text is read when more comes, as it does from an editor.
  await expect
    .poll(async () => {
      await client.connection.sendNotification('$/nothing', {});
      return lives;
    })
    .toBe(true);
  await answered;
});

test.for([
  ['longer than what follows', 2000],
  ['longer than any message', 999_999_999_999],
] as const)('a length that is %s costs the messages that it covers, and the server answers again', async ([, length]) => {
  const client = await connect(bundle.server, '--stdio');
  client.process.stdin?.write(`Content-Length: ${length}\r\n\r\n{"jsonrpc":"2.0","method":"x"}`);
  let answers = 0;
  await expect
    .poll(
      async () => {
        void client.request('mlflow/nothing', {}).catch(() => (answers += 1));
        return answers;
      },
      { timeout: 30_000 },
    )
    .toBeGreaterThan(0);
  await isAlive(client);
});

test('a request that is cancelled before it is answered is answered all the same, as cancelled or with what was found', async () => {
  const client = await connect(bundle.server, '--stdio');
  await client.open(uri, 'nmae: wine\n');
  const cancellation = new CancellationTokenSource();
  const asked = client.connection.sendRequest('textDocument/diagnostic', { textDocument: { uri } }, cancellation.token);
  cancellation.cancel();
  const answer = await asked.catch((error: unknown) => error);
  if (answer instanceof ResponseError) expect(answer.code).toBe(LSPErrorCodes.RequestCancelled);
  else expect(answer).toMatchObject({ items: [{ code: 'unknown-key' }] });
  // Ids of requests that have their answer.
  for (const id of [0, 1, 2]) await client.connection.sendNotification('$/cancelRequest', { id });
  await isAlive(client);
});
