import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { onTestFinished } from 'vitest';

import { ModelServer, type ServingSite, type ServingStart } from '../../extension/models/model-server.ts';
import type { ServingLimits, ServingRequest, ServingState } from '../../extension/models/serving-folder.ts';

const limits: ServingLimits = { start: 60_000, lease: 60_000, grace: { interrupt: 500, terminate: 500 } };

export const newServingSite = (changed: Partial<ServingLimits> = {}): ServingSite & { readonly folder: string } => {
  const folder = mkdtempSync(join(tmpdir(), 'serving-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return {
    folder,
    root: join(folder, 'serving'),
    supervisorScript: fileURLToPath(new URL('../../extension/models/serving-supervisor.ts', import.meta.url)),
    limits: { ...limits, ...changed },
  };
};

/** A program in the place of Python, where it is about what a server can do wrong: it gets `arguments` of `mlflow models serve`, and its `port`. */
export const standIn = (folder: string, script: string): string => {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  const path = join(bin, 'python');
  const setUp = `const port = Number(process.argv[process.argv.indexOf('--port') + 1]);\nconst { createServer } = require('node:http');\n`;
  writeFileSync(path, `#!${process.execPath}\n${setUp}${script}\n`);
  chmodSync(path, 0o755);
  return path;
};

/** Answers `/ping`. */
export const answering = `createServer((request, reply) => reply.end('\\n')).listen(port, '127.0.0.1', () => console.log('pid=' + process.pid));`;

export const startServer = async (
  site: ServingSite & { readonly folder: string },
  request: Partial<ServingRequest>,
  start: Partial<ServingStart> = {},
): Promise<ModelServer> => {
  const whole: ServingRequest = {
    model: { modelUri: site.folder },
    label: 'model',
    modelUri: site.folder,
    interpreter: 'python',
    manager: 'local',
    workspaceFolder: site.folder,
    variables: [],
    ...request,
  };
  const server = await ModelServer.start({ request: whole, allowed: [], port: 0, ...start }, site);
  onTestFinished(async () => {
    server.dispose();
    const left = await ModelServer.attach(server.folder, server.plan);
    left.stop();
    await left.untilEnded();
    left.dispose();
  });
  return server;
};

/** Rejects when it has ended otherwise. */
export const phaseOf = async (server: ModelServer, ...phases: readonly ServingState['phase'][]): Promise<ServingState> => {
  const { promise, resolve, reject } = Promise.withResolvers<ServingState>();
  const look = (): void => {
    if (phases.includes(server.state.phase)) resolve(server.state);
    else if (server.hasEnded)
      reject(new Error(`It is not ${phases.join(' or ')}, but ${JSON.stringify(server.state)}; ${readFileSync(server.folder.supervisorLog, 'utf8')}`));
  };
  const listening = server.onDidChange(look);
  look();
  const state = await promise;
  listening.dispose();
  return state;
};

export const outputOfServer = async (server: ModelServer): Promise<string> => await readFile(server.folder.outputFile, 'utf8');
