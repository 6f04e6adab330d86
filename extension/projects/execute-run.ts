import { errorMessage, MlflowError } from '../shared/errors.ts';
import { run, start, type Ending, type RunningProcess } from '../shared/process.ts';
import { identify, killTree, type ProcessIdentity } from '../shared/process-tree.ts';
import { computeCommand } from './command.ts';
import { resolveParameters } from './parameters.ts';
import { resolvePathValues, type Download } from './path-values.ts';
import { pythonFolder, runEnvironment, runMarker, withPathFirst } from './run-environment.ts';
import type { Outcome, RunPlan } from './run-folder.ts';

export interface RunContext {
  /** What the run's programs inherit. */
  readonly environment: Readonly<Record<string, string>>;
  /** Open file for everything that they print. */
  readonly output: number;
  /** For files that only this run needs. */
  readonly scratch: string;
  readonly say: (line: string) => void;
  /** Aborted: end the run. */
  readonly stop: AbortSignal;
  readonly onStarted: (process: ProcessIdentity, command: string) => Promise<void>;
}

/** Runs a plan to its end, whatever end that is. */
export const executeRun = async (plan: RunPlan, context: RunContext): Promise<Outcome> => {
  try {
    const environment = await prepareEnvironment(plan, context);
    const command = await prepareCommand(plan, environment, context);
    return await executeCommand(plan, command, { ...context, environment });
  } catch (error) {
    return context.stop.aborted ? { status: 'KILLED' } : { status: 'FAILED', at: 'start', reason: errorMessage(error) };
  }
};

const prepareEnvironment = async (plan: RunPlan, { environment, scratch }: RunContext): Promise<Record<string, string>> => {
  const variables = runEnvironment(plan, environment);
  const { interpreter } = plan.environment;
  return interpreter === undefined ? variables : withPathFirst(variables, await pythonFolder(interpreter, scratch));
};

const prepareCommand = async (plan: RunPlan, environment: Readonly<Record<string, string>>, { stop, say }: RunContext): Promise<string> => {
  const resolved = resolveParameters(plan.entryPoint, new Map(plan.values.map(({ key, value }) => [key, value])));
  const download = downloadWithMlflow(plan, environment, { stop, say });
  const values = await resolvePathValues(resolved, { projectDirectory: plan.directory, storageDirectory: plan.storageDirectory, download });
  return computeCommand(plan.entryPoint, values, process.platform);
};

/** MLflow's own artifact repositories know every kind of store, and their credentials. */
const downloadWithMlflow =
  (plan: RunPlan, env: Readonly<Record<string, string>>, { stop, say }: Pick<RunContext, 'stop' | 'say'>): Download =>
  async (uri, folder) => {
    say(`=== Downloading '${uri}' to ${folder} ===`);
    const args = ['-m', 'mlflow', 'artifacts', 'download', '--artifact-uri', uri, '--dst-path', folder];
    const { code, stdout, stderr } = await run({ file: plan.environment.interpreter ?? 'python', args, cwd: plan.directory, env }, { signal: stop });
    if (code !== 0) throw new MlflowError('INVALID_PARAMETER_VALUE', `Cannot download '${uri}': ${stderr.trim().split('\n').at(-1) ?? ''}`);
    return stdout.trimEnd().split('\n').at(-1) ?? folder;
  };

const executeCommand = async (plan: RunPlan, command: string, context: RunContext): Promise<Outcome> => {
  context.stop.throwIfAborted();
  context.say(`=== Running command '${command}' in run with ID '${plan.runId}' ===`);
  const [file, flag] = process.platform === 'win32' ? ['cmd', '/c'] : ['bash', '-c'];
  const running = await start(
    { file, args: [flag, command], cwd: plan.directory, env: context.environment },
    { streams: ['ignore', context.output, context.output], detached: true },
  );
  const identity = await identify(running.pid);
  // It may have ended already, and then there is nobody to be found again.
  if (identity !== undefined) await context.onStarted(identity, command);
  const ending = await endOrStop(running, context.stop);
  if (ending !== 'stopped') return outcomeOf(ending);
  await killTree(identity ?? { pid: running.pid, started: '' }, { grace: plan.grace, marker: runMarker(plan) });
  return { status: 'KILLED' };
};

const endOrStop = async (running: RunningProcess, stop: AbortSignal): Promise<Ending | 'stopped'> => {
  const { promise, resolve } = Promise.withResolvers<'stopped'>();
  const onAbort = (): void => resolve('stopped');
  stop.addEventListener('abort', onAbort, { once: true });
  if (stop.aborted) onAbort();
  const first = await Promise.race([promise, running.ended]);
  stop.removeEventListener('abort', onAbort);
  return first;
};

const outcomeOf = ({ code, signal }: Ending): Outcome => {
  if (code === 0) return { status: 'FINISHED' };
  const how = signal === null ? `with exit code ${String(code)}` : `by signal ${signal}`;
  return { status: 'FAILED', at: 'command', reason: `The command ended ${how}` };
};
