/**
 * `npm start`: opens a real VS Code on the example, with the extension linked into it: the desktop's `code`
 * if there is one, otherwise code-server, whose address is printed. `--browser` takes code-server in any
 * case, `--port N` fixes its port.
 */
import { mkdir, rm, symlink } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';

import { launchCodeServer } from './launch-code-server.ts';
import { findProgram, run } from './programs.ts';
import { fillSampleStore, sampleWorkspace } from './sample-store.ts';
import { pythonEnvironment, pythonOf, repository } from './tools.ts';

/** The sample's Python comes first, as after `source bin/activate`. */
const environmentWith = (python: string): NodeJS.ProcessEnv => ({ ...process.env, PATH: [dirname(python), process.env['PATH']].join(delimiter) });

const openDesktop = async (code: string, env: NodeJS.ProcessEnv): Promise<void> => {
  console.log(`Opening ${sampleWorkspace} in VS Code (${code}) …`);
  await run(code, [`--extensionDevelopmentPath=${repository}`, '--disable-workspace-trust', sampleWorkspace], { env });
};

/** Keeps its settings from one start to the next. */
const home = join(repository, '.code-server');

const linkExtension = async (extensions: string): Promise<void> => {
  const link = join(extensions, 'mlflow-workbench.mlflow-workbench-0.1.0');
  await mkdir(extensions, { recursive: true });
  await rm(link, { force: true });
  await symlink(repository, link, 'junction');
};

const serveInBrowser = async (python: string, port: number | undefined): Promise<void> => {
  const extensions = join(home, 'extensions');
  await linkExtension(extensions);
  // By a setting, because a login shell has its own idea of PATH.
  const machineSettings = { 'mlflow.pythonPath': python };
  const folders = { userData: join(home, 'user-data'), extensions };
  // The example is this repository's own: what is asked of other folders would only hide it.
  const server = await launchCodeServer({ ...folders, trusted: true, machineSettings, ...(port === undefined ? {} : { port }) });
  console.log(`\nVS Code with MLflow Workbench: ${server.windowUrl(sampleWorkspace)}\nCtrl-C ends it.`);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void server.stop());
  await server.ended;
};

const { values } = parseArgs({ options: { port: { type: 'string' }, browser: { type: 'boolean', default: false } } });

console.log('Building …');
await run('node', ['scripts/build.ts'], { cwd: repository });
const python = pythonOf(await pythonEnvironment());
await fillSampleStore();
// Inside VS Code's own terminal `code` is another program, which cannot load an extension from a folder.
const code = values.browser || process.env['VSCODE_IPC_HOOK_CLI'] !== undefined ? undefined : findProgram('code');
if (code === undefined) await serveInBrowser(python, values.port === undefined ? undefined : Number(values.port));
else await openDesktop(code, environmentWith(python));
