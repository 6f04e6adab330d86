import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';

import type { HttpClient } from '../../extension/shared/http.ts';
import { TcpServer } from '../../extension/server/tcp-server.ts';
import { silentLogger, type Logger } from '../../extension/shared/logger.ts';
import { loggedClient } from '../../extension/shared/logged-client.ts';
import { persistentClient } from '../../extension/shared/persistent-client.ts';
import { fetchClient } from '../../extension/shared/rest-client.ts';
import { createRestTrackingStore } from '../../extension/tracking/rest-tracking-store.ts';
import type { SearchRuns, TrackingStore } from '../../extension/tracking/tracking-store.ts';
import type { ExperimentId } from '../../schemas/ids.ts';
import { faultsFor, signInPage, startFaultProxy, type Fault, type FaultProxy } from '../support/fault-proxy.ts';

let server: TcpServer;
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mlflow-workbench-test-'));
  const places = { path: join(folder, 'mlflow.db'), artifactRoot: 'mlflow-artifacts:/', artifactsDestination: join(folder, 'mlartifacts') };
  server = await TcpServer.start({ ...places, token: undefined, host: '127.0.0.1', port: 0, log: silentLogger });
  return () => {
    server.dispose();
    rmSync(folder, { recursive: true, force: true });
  };
});

interface Site {
  readonly proxy: FaultProxy;
  readonly http: HttpClient;
  readonly tracking: TrackingStore;
  /** An experiment of the test's own. */
  readonly experimentId: ExperimentId;
  readonly everything: SearchRuns;
  readonly log: readonly string[];
}

const newSite = async (mayRepeat = (): boolean => true, firstPause = 2): Promise<Site> => {
  const proxy = await startFaultProxy(server.url);
  onTestFinished(() => proxy.close());
  const log: string[] = [];
  const keep = (message: string): void => void log.push(message);
  const logger: Logger = { error: keep, warn: keep, info: keep, debug: keep };
  const plain = loggedClient(
    fetchClient(proxy.url, () => ({ authorization: 'Bearer very-secret' })),
    'here',
    logger,
  );
  const http = persistentClient(plain, { log: logger, firstPause, mayRepeat });
  const experimentId = await createRestTrackingStore(fetchClient(server.url)).createExperiment({ name: randomUUID() });
  return { proxy, http, tracking: createRestTrackingStore(http), experimentId, everything: { experimentIds: [experimentId], maxResults: 10 }, log };
};

const unavailable: Fault = { kind: 'answer', status: 503, body: 'be right back' };
const passing: readonly (readonly [string, Fault])[] = [
  ['a reset connection', { kind: 'reset' }],
  ['a lost answer', { kind: 'loseAnswer' }],
  ['an answer that is cut', { kind: 'cut' }],
  ['500', { kind: 'answer', status: 500, body: '{"error_code":"INTERNAL_ERROR","message":"database is busy"}' }],
  ['502 with a page', { kind: 'answer', status: 502, headers: { 'content-type': 'text/html' }, body: '<title>Bad gateway</title>' }],
  ['503', unavailable],
  ['429 with seconds', { kind: 'answer', status: 429, headers: { 'retry-after': '0' } }],
  ['429 with a date that is past', { kind: 'answer', status: 429, headers: { 'retry-after': new Date(0).toUTCString() } }],
  ['503 with a Retry-After that says nothing', { kind: 'answer', status: 503, headers: { 'retry-after': 'soon' } }],
];

describe.each(passing)('%s', (_name, fault) => {
  test('is not seen by who reads', async () => {
    const { proxy, tracking, experimentId, everything } = await newSite();
    const { info } = await tracking.createRun({ experimentId, startTime: 1, tags: [] });
    proxy.fault = faultsFor(/runs/, fault, fault);
    expect((await tracking.searchRuns(everything)).items).toHaveLength(1);
    expect(proxy.requests.filter((request) => request.endsWith('/runs/search'))).toHaveLength(3);
    proxy.fault = faultsFor(/runs/, fault);
    expect((await tracking.getRun(info.runId)).info.runId).toBe(info.runId);
  });

  test('ends a write, which is sent once', async () => {
    const { proxy, tracking, experimentId, everything } = await newSite();
    proxy.fault = faultsFor(/create/, fault);
    await expect(tracking.createRun({ experimentId, runName: 'once', startTime: 1, tags: [] })).rejects.toThrow(/./);
    expect(proxy.requests.filter((request) => request.endsWith('/runs/create'))).toHaveLength(1);
    const made = (await tracking.searchRuns(everything)).items.length;
    expect(made).toBe(fault.kind === 'loseAnswer' || fault.kind === 'cut' ? 1 : 0);
  });
});

test('a write whose answer was lost says that its outcome is not known', async () => {
  const { proxy, tracking } = await newSite();
  proxy.fault = faultsFor(/create/, { kind: 'loseAnswer' });
  await expect(tracking.createExperiment({ name: 'a' })).rejects.toThrow('Whether it was done is not known: refresh before you try again');
});

test('what fails again and again is given up after four attempts, with the last reason', async () => {
  const { proxy, tracking, everything } = await newSite();
  proxy.fault = () => unavailable;
  await expect(tracking.searchRuns(everything)).rejects.toThrow('The server answered 503: be right back');
  expect(proxy.requests).toHaveLength(4);
});

test('pauses grow, and are a random part of what they may be, so that clients do not come back together', async () => {
  const pausesAt = async (random: number): Promise<readonly number[]> => {
    const { proxy, tracking, everything, log } = await newSite(undefined, 16);
    vi.spyOn(Math, 'random').mockReturnValue(random);
    onTestFinished(() => void vi.restoreAllMocks());
    proxy.fault = () => unavailable;
    await expect(tracking.searchRuns(everything)).rejects.toThrow('be right back');
    return log.flatMap((line) => /again in (\d+) ms/.exec(line)?.[1] ?? []).map(Number);
  };
  expect(await pausesAt(0.25)).toEqual([4, 8, 16]);
  expect(await pausesAt(1)).toEqual([16, 32, 64]);
});

test('who is sent to another host does not go there, and what is said names the place', async () => {
  const asked: string[] = [];
  const elsewhere = createServer((request, response) => (asked.push(request.url ?? ''), response.end('{}'))).listen(0, '127.0.0.1');
  onTestFinished(() => void elsewhere.close());
  await once(elsewhere, 'listening');
  const there = `http://localhost:${(elsewhere.address() as AddressInfo).port}/login`;
  const { proxy, tracking, experimentId, everything } = await newSite();
  proxy.fault = () => ({ kind: 'answer', status: 302, headers: { location: `${there}?next=secret` } });
  await expect(tracking.searchRuns(everything)).rejects.toThrow(`It sends whoever asks to ${there} (302)`);
  await expect(tracking.createRun({ experimentId, startTime: 1, tags: [] })).rejects.toThrow('(302)');
  expect([asked, proxy.requests.length]).toEqual([[], 2]);
});

test.each([
  ['a day', '86400'],
  ['10⁹ seconds', '1000000000'],
])('who is asked to wait %s is told so at once', async (_name, seconds) => {
  const { proxy, tracking, everything } = await newSite();
  proxy.fault = () => ({ kind: 'answer', status: 429, headers: { 'retry-after': seconds }, body: 'slow down' });
  await expect(tracking.searchRuns(everything)).rejects.toMatchObject({ retryAfter: Number(seconds) * 1000, code: 'REQUEST_LIMIT_EXCEEDED' });
  expect(proxy.requests).toHaveLength(1);
});

test('a page to sign in on, and what the server refuses, are final', async () => {
  const { proxy, tracking, everything } = await newSite();
  proxy.fault = faultsFor(/search/, signInPage);
  await expect(tracking.searchRuns(everything)).rejects.toThrow('This is a web page, not an answer of MLflow: Sign in to Example');
  await expect(tracking.searchRuns({ ...everything, filter: 'nonsense' })).rejects.toMatchObject({ code: 'INVALID_PARAMETER_VALUE' });
  expect(proxy.requests).toHaveLength(2);
});

test('a server that is known to be away is asked once', async () => {
  const { proxy, tracking, everything } = await newSite(() => false);
  proxy.fault = () => unavailable;
  await expect(tracking.searchRuns(everything)).rejects.toThrow('be right back');
  expect(proxy.requests).toHaveLength(1);
});

test('who gives up while an answer is awaited, or between two attempts, waits no longer', async () => {
  const { proxy, tracking, everything } = await newSite();
  const abort = new AbortController();
  proxy.fault = () => ({ kind: 'answer', status: 503, headers: { 'retry-after': '9' } });
  const between = expect(tracking.searchRuns(everything, abort.signal)).rejects.toMatchObject({ name: 'AbortError' });
  await expect.poll(() => proxy.requests.length).toBe(1);
  abort.abort();
  await between;

  const other = new AbortController();
  proxy.fault = () => ({ kind: 'delay', ms: 9_000 });
  const during = expect(tracking.searchRuns(everything, other.signal)).rejects.toMatchObject({ name: 'AbortError' });
  await expect.poll(() => proxy.requests.length).toBe(2);
  other.abort();
  await during;
});

test('the log has each request with a number, and neither credentials nor what was asked', async () => {
  const { proxy, http, log } = await newSite();
  proxy.fault = faultsFor(/experiments/, unavailable);
  await http.json({ method: 'GET', path: '/api/2.0/mlflow/experiments/search', query: { max_results: 1, filter: "name = 'private'" } });
  expect(log.join('\n')).toMatch(
    /^here #1 GET \/api\/2\.0\/mlflow\/experiments\/search\nhere #1 GET \S+ failed after \d+ ms: TEMPORARILY_UNAVAILABLE .*be right back\nGET \S+ again in \d+ ms: .*\nhere #2 GET \S+\nhere #2 answered in \d+ ms$/,
  );
  expect(log.join('\n')).not.toMatch(/very-secret|private/);
});
