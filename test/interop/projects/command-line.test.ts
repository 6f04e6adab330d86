import { once } from 'node:events';
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';

import { run, userEnvironment } from '../../../extension/shared/process.ts';
import { pythonPath } from '../../support/python.ts';
import { serverScript } from '../../support/run-site.ts';

/** `mlflow run` and `mlflow-workbench run` on the same command line: exit code, output, and what is in the store. */

const root = mkdtempSync(join(tmpdir(), 'command-line-'));
const project = join(root, 'project');
const program = join(root, 'dist/cli.ts');

mkdirSync(project);
mkdirSync(dirname(program));
symlinkSync(fileURLToPath(new URL('../../../extension/cli/main.ts', import.meta.url)), program);
writeFileSync(join(root, 'dist/server.cjs'), `import(${JSON.stringify(serverScript)});\n`);
writeFileSync(
  join(project, 'MLproject'),
  [
    'entry_points:',
    '  main: {parameters: {a: {default: 1}}, command: "echo {a}"}',
    '  fails: {command: echo before; exit 7}',
    '  asks: {parameters: {a: string}, command: "echo {a}"}',
    '  fetches: {parameters: {a: {default: 1}, p: path}, command: "cat {p}; cd $(dirname {p}); basename $PWD; cd ../..; basename $PWD"}',
  ].join('\n'),
);
writeFileSync(join(project, 'go.sh'), 'echo "$@"\n');

interface Trace {
  readonly code: number | null;
  readonly stdout: string;
  readonly runs: unknown;
}

/** What is refused may have no store at all. */
const read = (path: string): unknown => {
  const database = new Database(path);
  const isStore = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'runs'").get() !== undefined;
  const all = (sql: string): unknown => (isStore ? database.prepare(sql).all() : []);
  const runs = [
    all('SELECT r.status, r.name, e.name AS experiment FROM runs r JOIN experiments e USING (experiment_id)'),
    all('SELECT "key", value FROM params ORDER BY "key"'),
    all('SELECT "key", value FROM tags ORDER BY "key"'),
  ];
  database.close();
  return runs;
};

/** Both find the same Python first, and the same shell. */
const environment = (store: string) => ({
  ...userEnvironment(),
  PATH: `${dirname(pythonPath())}${delimiter}${process.env['PATH']}`,
  SHELL: '/bin/bash',
  MLFLOW_TRACKING_URI: `sqlite:///${store}`,
});

const traceOf = async (file: string, args: readonly string[], store: string): Promise<Trace> => {
  const { code, stdout } = await run({ file, args: [...args, '--env-manager', 'local', '--run-name', 'named'], cwd: project, env: environment(store) });
  return { code, stdout, runs: read(store) };
};

test.each([
  { name: 'a default', args: ['.'] },
  { name: 'values, declared and not', args: ['.', '-P', 'a=x=y z', '-P', 'extra=1'] },
  { name: 'another experiment', args: ['.', '--experiment-name', 'mine'] },
  { name: 'a command that fails', args: ['.', '-e', 'fails'] },
  { name: 'a script', args: ['.', '-e', 'go.sh', '-P', 'b=2 3'] },
  { name: 'a missing value', args: ['.', '-e', 'asks'] },
  { name: 'an entry point that is not there', args: ['.', '-e', 'nope'] },
])('$name', async ({ name, args }) => {
  const store = (side: string): string => join(root, `${name} ${side}.db`);
  const theirs = await traceOf(join(dirname(pythonPath()), 'mlflow'), ['run', ...args], store('theirs'));
  const ours = await traceOf(process.execPath, [program, 'run', ...args], store('ours'));
  expect(ours).toEqual(theirs);
});

/** A server that has one file, as MLflow's own server of artifacts would show it. */
const serveFile = async (content: string): Promise<string> => {
  const server = createServer((request, response) => {
    response.end(request.url?.includes('?path=') === true ? JSON.stringify({ files: [] }) : content);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/2.0/mlflow-artifacts/artifacts/data.csv`;
};

test('a path that lies elsewhere is downloaded to the same place below the storage folder', async () => {
  const args = ['.', '-e', 'fetches', '-P', `p=${await serveFile('a,b\n')}`, '--storage-dir', join(root, 'storage')];
  const theirs = await traceOf(join(dirname(pythonPath()), 'mlflow'), ['run', ...args], join(root, 'download theirs.db'));
  const ours = await traceOf(process.execPath, [program, 'run', ...args], join(root, 'download ours.db'));
  expect(ours).toEqual(theirs);
  expect(ours.stdout).toBe('a,b\nparam_1\nstorage\n');
});
