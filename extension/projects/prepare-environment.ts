import { MlflowError } from '../shared/errors.ts';
import type { Command } from '../shared/process.ts';
import { ensureCondaEnvironment } from './conda-environment.ts';
import { activation, ensureEnvironment, type EnvironmentTools } from './create-environment.ts';
import { environmentFolder } from './environment-folder.ts';
import { runProgram, type ProgramOptions } from './program.ts';
import { readCondaEnv, readPythonEnv, type PythonEnvironment } from './python-environment.ts';
import { pythonFolder, withPathFirst } from './run-environment.ts';
import type { ExecutionPlan, VirtualPlan } from './run-folder.ts';

export interface Preparation extends ProgramOptions {
  /** For files that only this run needs. */
  readonly scratch: string;
  readonly say: (line: string) => void;
  /** Of the run. */
  readonly variables: Readonly<Record<string, string>>;
}

export interface PreparedEnvironment {
  readonly variables: Readonly<Record<string, string>>;
  /** Shell words that go before the entry point's command. */
  readonly activation?: string;
}

/** Has the environment ready that a plan asks for; rejects with the reason. */
export const prepareEnvironment = async (plan: ExecutionPlan, preparation: Preparation): Promise<PreparedEnvironment> => {
  const { environment } = plan;
  const { variables, scratch } = preparation;
  if (environment.manager === 'conda') return { variables, activation: await ensureCondaEnvironment(environment.file, toolsOf(preparation)) };
  if (environment.manager !== 'local') return await prepareVirtual(plan, environment, preparation);
  if (environment.interpreter === undefined) return { variables };
  return { variables: withPathFirst(variables, await pythonFolder(environment.interpreter, scratch)) };
};

const prepareVirtual = async ({ directory }: ExecutionPlan, plan: VirtualPlan, preparation: Preparation): Promise<PreparedEnvironment> => {
  const { variables, say } = preparation;
  const environment = await readEnvironment(plan, say);
  const folder = await environmentFolder(environment, directory, variables);
  await ensureEnvironment({ manager: plan.manager, environment, folder, projectDirectory: directory }, toolsOf(preparation));
  return { variables, activation: activation(folder) };
};

const toolsOf = (preparation: Preparation): EnvironmentTools => {
  const { variables, say, stop } = preparation;
  return { variables, say, stop, execute: async (command) => await executeStep(command, preparation) };
};

const readEnvironment = async ({ source, currentPython }: VirtualPlan, say: (line: string) => void): Promise<PythonEnvironment> => {
  if (source.kind === 'python') {
    return source.file === undefined ? { python: currentPython, buildDependencies: [], dependencies: [] } : await readPythonEnv(source.file, currentPython);
  }
  const { environment, leftOut } = await readCondaEnv(source.file, currentPython);
  if (leftOut.length > 0) say(`=== The following conda dependencies will not be installed in the resulting environment: ${leftOut.join(', ')} ===`);
  return environment;
};

const executeStep = async (command: Command, preparation: Preparation): Promise<void> => {
  const text = [command.file, ...command.args].join(' ');
  preparation.say(`=== ${text} ===`);
  const { code } = await runProgram(command, preparation);
  if (code !== 0) throw new MlflowError('INTERNAL_ERROR', `The environment could not be made: '${text}' failed`);
};
