import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, onTestFinished, test } from 'vitest';

import { TcpServer } from '../../extension/server/tcp-server.ts';
import { silentLogger } from '../../extension/shared/logger.ts';
import { run, userEnvironment } from '../../extension/shared/process.ts';
import { pythonPath } from '../support/python.ts';
import { newTempFolder } from '../support/store-database.ts';

test('a script that traces, autologs and logs models goes on without traces: each request is answered at once, for good', async () => {
  const folder = newTempFolder();
  const requests: string[] = [];
  const server = await TcpServer.start({
    path: join(folder, 'mlflow.db'),
    host: '127.0.0.1',
    port: 0,
    token: undefined,
    artifactRoot: 'mlflow-artifacts:/',
    artifactsDestination: join(folder, 'mlartifacts'),
    log: { ...silentLogger, debug: (line) => requests.push(line) },
  });
  onTestFinished(() => server.dispose());
  const script = fileURLToPath(new URL('../support/log_traces.py', import.meta.url));
  const env = { ...userEnvironment(), MLFLOW_TRACKING_URI: server.url };
  const { code, stdout, stderr } = await run({ file: pythonPath(), args: [script], cwd: folder, env });

  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toEqual({ run: 'FINISHED', trace: null, traces: 0 });
  expect(stderr).toContain('This server keeps no traces. Log to the store itself (MLFLOW_TRACKING_URI=sqlite:///… or file:///…)');
  // These are what clients try again, for minutes.
  expect(requests.filter((line) => / (?:408|429|5\d\d) /.test(line))).toEqual([]);
  expect(requests.filter((line) => line.startsWith('POST /v1/traces ')).length).toBeLessThanOrEqual(2);
});
