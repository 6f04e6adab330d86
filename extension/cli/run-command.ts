import { readFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';

import { fetchProject, type ProjectPlace } from '../projects/fetch-project.ts';
import type { FetchedProject } from '../projects/git-project.ts';
import { checkInterpreter, findProgram } from '../shared/interpreter.ts';
import { dockerPlan, requireCondaFile } from '../projects/environment-plan.ts';
import { getEntryPoint, loadProject, type Project } from '../projects/project.ts';
import type { EnvironmentPlan } from '../projects/run-folder.ts';
import { runInForeground } from '../projects/run-in-foreground.ts';
import { createOpenTrackingStore } from '../projects/run-store.ts';
import { stderrLogger } from '../server/stderr-logger.ts';
import { errorMessage, MlflowError } from '../shared/errors.ts';
import { userEnvironment } from '../shared/process.ts';
import { readStoreAddress } from '../tracking/store-address.ts';
import { asRunId, type RunId } from '../../schemas/ids.ts';
import { environmentManagers, plainChoices, type EnvironmentManager } from '../../schemas/run-choices.ts';

interface RunOptions {
  readonly entryPoint: string;
  readonly version?: string;
  readonly paramList: ReadonlyMap<string, string>;
  readonly experimentName?: string;
  readonly experimentId?: string;
  readonly backend: string;
  readonly envManager?: EnvironmentManager;
  readonly storageDir?: string;
  readonly runName?: string;
  readonly runId?: RunId;
  readonly dockerArgs: ReadonlyMap<string, string>;
  readonly buildImage: boolean;
}

/** The options of `mlflow run` keep their names; those of other backends are not there. */
export const runCommand = (): Command =>
  new Command('run')
    .description('Runs an entry point of a project, as `mlflow run` does')
    .argument('<uri>', 'folder or git address of the project, with #subfolder if need be')
    .option('-e, --entry-point <name>', 'entry point, or a .py or .sh script', 'main')
    .option('-v, --version <version>', 'branch, tag or full commit of a project in git')
    .option('-P, --param-list <name=value>', 'parameter of the run; can be given several times', readParameter, new Map())
    .addOption(new Option('--experiment-name <name>', 'experiment of the run, made when it is new').env('MLFLOW_EXPERIMENT_NAME'))
    .addOption(new Option('--experiment-id <id>', 'experiment of the run').env('MLFLOW_EXPERIMENT_ID'))
    .option('-b, --backend <name>', 'only `local`', readBackend, 'local')
    .option('-c, --backend-config <json>', 'read, as `mlflow run` does; the backend `local` takes nothing from it', readBackendConfig)
    .addOption(new Option('--env-manager <name>', 'where Python comes from').choices(environmentManagers))
    .addOption(new Option('--storage-dir <folder>', 'downloads of path parameters go below it').env('MLFLOW_TMP_DIR'))
    .option('--run-name <name>', 'name of the run')
    .option('--run-id <id>', 'a run that is there already, to be used instead of a new one; it keeps its params', readRunId)
    .option(
      '-A, --docker-args <name=value>',
      'option of `docker run`, without dashes, or the name of a flag; can be given several times',
      readDockerArg,
      new Map(),
    )
    .option('--build-image', 'build an image with the project in it', false)
    .exitOverride()
    .action(run);

const readParameter = (text: string, earlier: ReadonlyMap<string, string>): ReadonlyMap<string, string> => {
  const at = text.indexOf('=');
  if (at < 0) throw new InvalidArgumentError(`Invalid format for -P parameter: '${text}'. Use -P name=value.`);
  const name = text.slice(0, at);
  if (earlier.has(name)) throw new InvalidArgumentError(`Repeated parameter: '${name}'`);
  return new Map([...earlier, [name, text.slice(at + 1)]]);
};

const readRunId = (text: string): RunId => asRunId(text);

const readDockerArg = (text: string, earlier: ReadonlyMap<string, string>): ReadonlyMap<string, string> => {
  const [, name = '', value = ''] = /^([^=]*)(?:=(.*))?$/s.exec(text) ?? [];
  if (!/^[a-z][\w-]*$/i.test(name)) throw new InvalidArgumentError(`Invalid format for -A parameter: '${text}'. Use -A name=value.`);
  if (earlier.has(name)) throw new InvalidArgumentError(`Repeated parameter: '${name}'`);
  return new Map([...earlier, [name, value]]);
};

const readBackend = (name: string): string => {
  if (name !== 'local') throw new InvalidArgumentError(`Only the backend 'local' runs here: others are plugins of Python's mlflow, use 'mlflow run' for them.`);
  return name;
};

/** A file, or the JSON itself. */
const readBackendConfig = (text: string): string => {
  try {
    JSON.parse(text.endsWith('.json') ? readFileSync(text, 'utf8') : text);
    return text;
  } catch (error) {
    throw new InvalidArgumentError(`Invalid backend config JSON. Parse error: ${errorMessage(error)}`);
  }
};

const run = async (uri: string, options: RunOptions, command: Command): Promise<void> => {
  if (options.experimentName !== undefined && options.experimentId !== undefined) {
    command.error("error: Specify only one of 'experiment-name' or 'experiment-id' options.", { exitCode: 2 });
  }
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());
  const outcome = await runInForeground(await foregroundRun(uri, options, stop.signal), {
    openStore: createOpenTrackingStore({ serverScript: join(dirname(process.argv[1] ?? ''), 'server.cjs'), log: stderrLogger('warn'), create: true }),
    say,
    stop: stop.signal,
    environment: withExperimentId(options.experimentId),
  });
  process.exitCode = outcome.status === 'FINISHED' ? 0 : 1;
};

const foregroundRun = async (uri: string, options: RunOptions, signal: AbortSignal): Promise<Parameters<typeof runInForeground>[0]> => {
  const { directory, source } = await cloneOrFind({ uri, ...(options.version !== undefined && { version: options.version }) }, signal);
  const project = await loadProject(directory);
  const docker = { buildImage: options.buildImage, args: [...options.dockerArgs].map(([key, value]) => ({ key, value })) };
  const shell = process.env['SHELL'];
  const entryPoint = getEntryPoint(project, options.entryPoint, { platform: process.platform, ...(shell !== undefined && { shell }) });
  const request = {
    directory,
    pathsFrom: process.cwd(),
    entryPoint,
    values: options.paramList,
    source,
    environment: dockerPlan(project, { ...plainChoices, docker }, source) ?? (await planPython(project, options.envManager)),
    ...(options.runName !== undefined && { runName: options.runName }),
    ...(options.runId !== undefined && { existing: options.runId }),
    ...(options.storageDir !== undefined && { storageDirectory: options.storageDir }),
  };
  const address = readStoreAddress(process.env['MLFLOW_TRACKING_URI'] ?? 'mlflow.db', process.cwd());
  return { request, address, ...(options.experimentName !== undefined && { experimentName: options.experimentName }) };
};

/** As MLflow does it: a new clone for each run. */
const cloneOrFind = async (place: ProjectPlace, signal: AbortSignal): Promise<FetchedProject> => {
  const cloneRoot = await mkdtemp(join(tmpdir(), 'mlflow-project-'));
  return await fetchProject(place, { from: process.cwd(), cloneRoot, tools: { environment: userEnvironment(), signal, onProgress: say } });
};

/** Without a choice as MLflow chooses: conda for its own files, else a virtual environment. */
const planPython = async ({ environment }: Project, manager: EnvironmentManager | undefined): Promise<EnvironmentPlan> => {
  if (manager === 'local' || environment.kind === 'none' || environment.kind === 'docker') return { manager: 'local' };
  const chosen = manager ?? (environment.kind === 'conda' ? 'conda' : 'virtualenv');
  if (chosen === 'conda') return { manager: chosen, file: requireCondaFile(environment) };
  return { manager: chosen, source: environment, currentPython: await pythonVersion() };
};

const pythonVersion = async (): Promise<string> => {
  const python = findProgram('python', process.env) ?? findProgram('python3', process.env);
  const check = python === undefined ? undefined : await checkInterpreter(python);
  if (check === undefined || check.kind === 'broken') throw new MlflowError('RESOURCE_DOES_NOT_EXIST', 'There is no Python on PATH that runs');
  return check.python;
};

const withExperimentId = (experimentId: string | undefined): NodeJS.ProcessEnv =>
  experimentId === undefined ? process.env : { ...process.env, MLFLOW_EXPERIMENT_ID: experimentId };

const say = (line: string): void => void process.stderr.write(`${line}\n`);
