import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, onTestFinished, test, vi } from 'vitest';

import { newToken } from '../../extension/shared/token.ts';
import {
  freePort,
  isFreePort,
  startTrackingServer,
  type TrackingServer,
  type TrackingServerOptions,
} from '../../extension/tracking/tracking-server-process.ts';
import { newStoreDatabase } from '../support/store-database.ts';

/** Programs start in these; a busy machine takes its time. */
vi.setConfig({ testTimeout: 120_000 });

const cliScript = fileURLToPath(new URL('../../extension/cli/main.ts', import.meta.url));

const startServer = async (options: Partial<TrackingServerOptions> = {}): Promise<TrackingServer & { readonly token: string; readonly lines: string[] }> => {
  const { path } = newStoreDatabase();
  const token = newToken();
  const lines: string[] = [];
  const onLine = (line: string): void => void lines.push(line);
  const places = { storePath: path, artifactsDestination: join(dirname(path), 'mlartifacts') };
  const server = await startTrackingServer({ cliScript, ...places, port: 0, token, onLine, ...options });
  onTestFinished(() => server.stop());
  return { ...server, token, lines };
};

const ask = async (url: string, token: string): Promise<number> => (await fetch(`${url}/health`, { headers: { authorization: `Bearer ${token}` } })).status;

test('a store is served until it is stopped, with a token that no list of processes shows', async () => {
  const { url, token, pid, ended, stop, lines } = await startServer();
  expect([await ask(url, token), await ask(url, 'wrong')]).toEqual([200, 401]);
  expect(execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' })).not.toContain(token);
  expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).not.toContain(token);
  await expect.poll(() => lines).toContainEqual(expect.stringMatching(/^debug: GET \/health 200/));
  expect(lines.join('\n')).not.toContain(token);
  stop();
  expect(await ended).toBe('');
  await expect(ask(url, token)).rejects.toThrow();
});

test('a port that is taken is said in words', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as AddressInfo;
  expect(await isFreePort(port)).toBe(false);
  expect(await freePort(port)).not.toBe(port);
  await expect(startServer({ port })).rejects.toThrow(`Cannot listen on 127.0.0.1:${port}: the port is taken by another program`);
});

test('an end that nobody asked for is told', async () => {
  const { pid, ended } = await startServer();
  process.kill(pid, 'SIGKILL');
  expect(await ended).toMatch(/SIGKILL/);
});

test('names by which it is called from elsewhere are taken beside those of loopback', async () => {
  const { url, token } = await startServer({ otherHosts: ['editor.example.org:8443'] });
  expect(await ask(url, token)).toBe(200);
  expect(await ask(url.replace('127.0.0.1', 'localhost'), token)).toBe(200);
});
