import { spawn, type ChildProcess } from 'node:child_process';
import { build } from 'esbuild';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter, type ProtocolConnection } from 'vscode-languageserver/node';

let folder: string;
let server: ChildProcess;
let client: ProtocolConnection;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'language-server-'));
  const outfile = join(folder, 'language-server.cjs');
  await build({ entryPoints: ['language-server/main.ts'], bundle: true, platform: 'node', format: 'cjs', outfile });
  server = spawn(process.execPath, [outfile, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  if (server.stdout === null || server.stdin === null) throw new Error('The server has no pipes');
  client = createProtocolConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin));
  client.listen();
  await client.sendRequest('initialize', { processId: process.pid, rootUri: null, capabilities: { textDocument: { diagnostic: {} } } });
  await client.sendNotification('initialized', {});
});

afterAll(async () => {
  await client.sendRequest('shutdown');
  await client.sendNotification('exit');
  client.dispose();
  await rm(folder, { recursive: true });
});

test('the bundled process answers over stdio', async () => {
  const uri = 'file:///project/MLproject';
  await client.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'mlproject', version: 1, text: 'nmae: wine\n' } });
  const diagnostics = await client.sendRequest('textDocument/diagnostic', { textDocument: { uri } });
  expect(diagnostics).toMatchObject({ kind: 'full', items: [{ code: 'unknown-key' }] });
  const edit = { range: { start: { line: 0, character: 0 }, end: { line: 0, character: 4 } }, text: 'name' };
  await client.sendNotification('textDocument/didChange', { textDocument: { uri, version: 2 }, contentChanges: [edit] });
  expect(await client.sendRequest('textDocument/diagnostic', { textDocument: { uri } })).toEqual({ kind: 'full', items: [] });
});
