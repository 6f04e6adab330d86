import { errorMessage, MlflowError } from '../shared/errors.ts';
import { run, type Ending } from '../shared/process.ts';
import type { ProcessIdentity } from '../shared/process-tree.ts';
import type { Tag } from '../tracking/run.ts';
import { computeCommand } from './command.ts';
import { debugPrelude } from './debug-command.ts';
import { removeContainers } from './docker-environment.ts';
import { resolveParameters } from './parameters.ts';
import { resolvePathValues, type Download } from './path-values.ts';
import { prepareEnvironment, type PreparedEnvironment } from './prepare-environment.ts';
import { runProgram } from './program.ts';
import { runEnvironment, runMarker } from './run-environment.ts';
import type { Outcome, ExecutionPlan } from './run-folder.ts';

export interface RunContext {
  /** What the run's programs inherit. */
  readonly environment: Readonly<Record<string, string>>;
  /** Open file for everything that they print, or where ours goes. */
  readonly output: number | 'inherit';
  /** For files that only this run needs. */
  readonly scratch: string;
  readonly say: (line: string) => void;
  readonly setTags: (tags: readonly Tag[]) => Promise<void>;
  /** Aborted: end the run. */
  readonly stop: AbortSignal;
  readonly onStarted: (process: ProcessIdentity, command: string) => Promise<void>;
}

/** Runs a plan to its end, whatever end that is. */
export const executeRun = async (plan: ExecutionPlan, context: RunContext): Promise<Outcome> => {
  const { output, stop } = context;
  const program = { output, stop, grace: plan.grace, marker: runMarker(plan) };
  try {
    const variables = runEnvironment(plan, context.environment);
    const prepared = await prepareEnvironment(plan, { ...program, variables, scratch: context.scratch, say: context.say, setTags: context.setTags });
    const command = await prepareCommand(plan, prepared, context);
    context.say(`=== Running command '${command}' in run with ID '${plan.runId}' ===`);
    const text = plan.debug === undefined ? command : `${debugPrelude(plan.debug)}\n${command}`;
    const [file, flag] = process.platform === 'win32' ? ['cmd', '/c'] : ['bash', '-c'];
    const shell = { file, args: [flag, text], cwd: plan.directory, env: prepared.variables };
    return outcomeOf(await runProgram(shell, { ...program, onStarted: async (identity) => await context.onStarted(identity, command) }));
  } catch (error) {
    if (stop.aborted) await removeContainers(plan, context.environment).catch((failure: unknown) => context.say(errorMessage(failure)));
    return stop.aborted ? { status: 'KILLED' } : { status: 'FAILED', at: 'start', reason: errorMessage(error) };
  }
};

const prepareCommand = async (plan: ExecutionPlan, { variables, prefix }: PreparedEnvironment, context: RunContext): Promise<string> => {
  const resolved = resolveParameters(plan.entryPoint, new Map(plan.values.map(({ key, value }) => [key, value])));
  const download = downloadWithMlflow(plan, variables, context);
  const values = await resolvePathValues(resolved, { projectDirectory: plan.pathsFrom ?? plan.directory, storageDirectory: plan.storageDirectory, download });
  return prefix + computeCommand(plan.entryPoint, values, process.platform);
};

/** MLflow's own artifact repositories know every kind of store, and their credentials. */
const downloadWithMlflow =
  (plan: ExecutionPlan, env: Readonly<Record<string, string>>, { stop, say }: Pick<RunContext, 'stop' | 'say'>): Download =>
  async (uri, folder) => {
    say(`=== Downloading '${uri}' to ${folder} ===`);
    const args = ['-m', 'mlflow', 'artifacts', 'download', '--artifact-uri', uri, '--dst-path', folder];
    const { code, stdout, stderr } = await run({ file: plan.environment.interpreter ?? 'python', args, cwd: plan.directory, env }, { signal: stop });
    if (code !== 0) throw new MlflowError('INVALID_PARAMETER_VALUE', `Cannot download '${uri}': ${stderr.trim().split('\n').at(-1) ?? ''}`);
    return stdout.trimEnd().split('\n').at(-1) ?? folder;
  };

const outcomeOf = ({ code, signal }: Ending): Outcome => {
  if (code === 0) return { status: 'FINISHED' };
  const how = signal === null ? `with exit code ${String(code)}` : `by signal ${signal}`;
  return { status: 'FAILED', at: 'command', reason: `The command ended ${how}` };
};
