import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { encodedTimes, hostilePaths } from '../support/hostile-paths.ts';
import { askRaw, type RawReply, type RawRequest } from '../support/raw-http.ts';
import { pick } from '../support/replay.ts';
import { startTcpServer, type StartedServer } from '../support/tcp-server.ts';

const json = { 'content-type': 'application/json' };

interface Site extends StartedServer {
  readonly canary: string;
  readonly runId: string;
  readonly modelId: string;
}

const secret = 'what nobody may read';

const post = async (port: number, path: string, body: object): Promise<unknown> => {
  const reply = await askRaw(port, { method: 'POST', target: `/api/2.0/mlflow${path}`, headers: json, body: JSON.stringify(body) });
  return JSON.parse(reply.body);
};

/** A store with a run, a logged model and a version, all with artifacts, and a file outside of its folder. */
const newSite = async (): Promise<Site> => {
  const started = await startTcpServer();
  const { port, folder, artifacts } = started;
  const canary = join(dirname(folder), 'canary.txt');
  writeFileSync(canary, secret);
  const runId = pick(await post(port, '/runs/create', { experiment_id: '0' }), 'run.info.run_id');
  const modelId = pick(await post(port, '/logged-models', { experiment_id: '0', name: 'm' }), 'model.info.model_id');
  await post(port, '/registered-models/create', { name: 'm' });
  await post(port, '/model-versions/create', { name: 'm', source: `mlflow-artifacts:/0/${runId}/artifacts/m`, run_id: runId });
  mkdirSync(join(artifacts, '0', runId, 'artifacts', 'm'), { recursive: true });
  mkdirSync(join(artifacts, 'x'));
  return { ...started, canary, runId, modelId };
};

const filesBelow = (folder: string): readonly string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted();

/** How a route takes a path: in its own path, its query or its body. */
const ways: Readonly<Record<string, (site: Site, path: string) => { readonly query?: string; readonly json?: object }>> = {
  '/mlflow/artifacts/list': ({ runId }, path) => ({ query: `run_id=${runId}&path=${path}` }),
  '/get-artifact': ({ runId }, path) => ({ query: `run_id=${runId}&path=${path}` }),
  '/mlflow/upload-artifact': ({ runId }, path) => ({ query: `run_uuid=${runId}&path=${path}` }),
  '/mlflow-artifacts/artifacts': (_site, path) => ({ query: `path=${path}` }),
  '/model-versions/get-artifact': (_site, path) => ({ query: `name=m&version=1&path=${path}` }),
  '/mlflow/logged-models/:model_id/artifacts/directories': (_site, path) => ({ query: `artifact_directory_path=${path}` }),
  '/mlflow/logged-models/:model_id/artifacts/files': (_site, path) => ({ query: `artifact_file_path=${path}` }),
  '/mlflow/artifacts/presigned-upload-url': ({ runId }, path) => ({ json: { run_id: runId, path } }),
  '/mlflow/artifacts/presigned-download-url': ({ runId }, path) => ({ json: { run_id: runId, path } }),
};

/** Routes with a way to name a file; that of the folders which nobody has agreed to takes nothing at all. */
const isArtifactRoute = (path: string): boolean => path.includes('artifact') && path !== '/workbench/v1/artifact-folders';

/** The request for one payload; `sent` is the path as it goes over the wire in a URL. */
const requestOf = (site: Site, route: { readonly method: string; readonly path: string }, sent: string, plain: string): RawRequest => {
  const { method } = route;
  if (route.path.endsWith('*')) return { method, target: route.path.replace('*', sent), body: 'new content' };
  const way = ways[route.path.replace(/^\/(ajax-)?api\/2\.0/, '')];
  if (way === undefined) throw new Error(`No way is known in which ${route.path} takes a path`);
  const { query, json: body } = way(site, route.path.includes('presigned') ? plain : sent);
  const target = `${route.path.replace(':model_id', site.modelId)}${query === undefined ? '' : `?${query}`}`;
  return { method, target, headers: body === undefined ? {} : json, body: body === undefined ? 'new content' : JSON.stringify(body) };
};

const isSendable = (target: string): boolean => /^[\x21-\x7e]*$/.test(target) && !/[?#]/.test(target);

describe('paths that leave the artifacts', () => {
  test('are refused on every artifact route, however they are encoded, and nothing outside is read or written', async () => {
    const site = await newSite();
    const routes = site.server.routes.filter(({ method, path }) => method !== 'ALL' && isArtifactRoute(path));
    expect(new Set(routes.map(({ method, path }) => `${method} ${path}`)).size).toBeGreaterThanOrEqual(25);
    const before = filesBelow(dirname(site.folder));
    const failures: string[] = [];
    for (const path of hostilePaths(site.canary)) {
      const times = path.startsWith('../'.repeat(4)) ? [0] : path.length > 40 ? [0, 1] : [0, 1, 2, 3];
      const forms = times.map((time) => encodedTimes(path, time)).filter((form) => form.length < 14_000 && isSendable(form));
      for (const form of forms) {
        const replies = await Promise.all(routes.map((route) => askRaw(site.port, requestOf(site, route, form, path))));
        for (const [index, { status, body }] of replies.entries())
          if (status !== 400 || body.includes(secret)) failures.push(`${status} ${routes[index]?.method} ${routes[index]?.path} ${form.slice(0, 60)}`);
      }
    }
    expect(failures).toEqual([]);
    expect(readFileSync(site.canary, 'utf8')).toBe(secret);
    expect(filesBelow(dirname(site.folder))).toEqual(before);
  }, 300_000);

  test.each(['%ff', '%', 'a%', '%u002e%u002e/x', '%c0%ae%c0%ae/x', '%e0%80%ae/x', '%ed%a0%80'])('what is no UTF-8 is no path: %s', async (form) => {
    const { port } = await startTcpServer();
    expect(await askRaw(port, { method: 'GET', target: `/api/2.0/mlflow-artifacts/artifacts/${form}` })).toMatchObject({
      status: 400,
      body: expect.stringContaining('INVALID_PARAMETER_VALUE'),
    });
  });
});

describe('locations that a client gives', () => {
  const read = (port: number, runId: string): Promise<RawReply> => askRaw(port, { method: 'GET', target: `/get-artifact?run_id=${runId}&path=canary.txt` });

  test.each([
    'http:///#/../../etc/',
    'file:///x#/../../',
    's3://b/x;/../../',
    'http://x?/../..',
    'mlflow-artifacts:/../..',
    'mlflow-artifacts:/%2e%2e/..',
    'mlflow-artifacts:/%252e%252e',
    'dbfs:/..',
    'FILE:///etc',
    'file://localhost/etc',
    '//proc/self/root',
    '/etc',
    'http://169.254.169.254/latest',
  ])('lead to no file outside: %s', async (location) => {
    const { port, folder } = await startTcpServer();
    writeFileSync(join(dirname(folder), 'canary.txt'), secret);
    const created = await post(port, '/experiments/create', { name: 'e', artifact_location: location });
    if (pick(created, 'error_code') === 'INVALID_PARAMETER_VALUE') return;
    const run = await post(port, '/runs/create', { experiment_id: pick(created, 'experiment_id') });
    const { status, body } = await read(port, pick(run, 'run.info.run_id'));
    expect([400, 403, 404, 501]).toContain(status);
    expect(body).not.toContain(secret);
  });

  test('a folder outside the store is not followed, and the answer names it', async () => {
    const { port, folder } = await startTcpServer();
    const outside = dirname(folder);
    writeFileSync(join(outside, 'canary.txt'), secret);
    const experiment = await post(port, '/experiments/create', { name: 'e', artifact_location: outside });
    const run = await post(port, '/runs/create', { experiment_id: pick(experiment, 'experiment_id') });
    const artifactUri = pick(run, 'run.info.artifact_uri');
    mkdirSync(artifactUri, { recursive: true });
    writeFileSync(join(artifactUri, 'canary.txt'), secret);
    expect(await read(port, pick(run, 'run.info.run_id'))).toMatchObject({ status: 403, body: expect.stringContaining(`The artifacts are in ${artifactUri}`) });
  });
});
