import { MlflowError } from '../shared/errors.ts';
import type { Command } from '../shared/process.ts';
import { withPathFirst } from '../shared/path-variable.ts';
import type { Tag } from '../tracking/run.ts';
import { ensureCondaEnvironment } from './conda-environment.ts';
import { activation, ensureEnvironment } from './create-environment.ts';
import { prepareDocker, type DockerTools } from './docker-environment.ts';
import { environmentFolder } from './environment-folder.ts';
import { runProgram, type ProgramOptions } from './program.ts';
import { readCondaEnv, readPythonEnv, type PythonEnvironment } from './python-environment.ts';
import { pythonFolder } from './run-environment.ts';
import type { ExecutionPlan, LocalPlan, VirtualPlan } from './run-folder.ts';
import { withoutCredentials } from './source-version.ts';

export interface Preparation extends ProgramOptions {
  readonly setTags: (tags: readonly Tag[]) => Promise<void>;
  /** For files that only this run needs. */
  readonly scratch: string;
  readonly say: (line: string) => void;
  /** Of the run. */
  readonly variables: Readonly<Record<string, string>>;
}

export interface PreparedEnvironment {
  readonly variables: Readonly<Record<string, string>>;
  /** Shell words that go before the entry point's command, with what joins them to it. */
  readonly prefix: string;
}

/** Has the environment ready that a plan asks for; rejects with the reason. */
export const prepareEnvironment = async (plan: ExecutionPlan, preparation: Preparation): Promise<PreparedEnvironment> => {
  const { environment } = plan;
  const { variables } = preparation;
  const tools = toolsOf(preparation);
  switch (environment.manager) {
    case 'local':
      return { variables: await localVariables(environment, preparation), prefix: '' };
    case 'conda':
      return { variables, prefix: `${await ensureCondaEnvironment(environment.file, tools)} && ` };
    case 'docker':
      return { variables, prefix: `${await prepareDocker(plan, environment, tools)} ` };
    case 'virtualenv':
    case 'uv':
      return await prepareVirtual(plan, environment, preparation);
    default:
      return environment satisfies never;
  }
};

const localVariables = async ({ interpreter }: LocalPlan, { variables, scratch }: Preparation): Promise<Readonly<Record<string, string>>> =>
  interpreter === undefined ? variables : withPathFirst(variables, await pythonFolder(interpreter, scratch));

const prepareVirtual = async ({ directory }: ExecutionPlan, plan: VirtualPlan, preparation: Preparation): Promise<PreparedEnvironment> => {
  const { variables, say } = preparation;
  const environment = await readEnvironment(plan, say);
  const folder = await environmentFolder(environment, directory, variables);
  await ensureEnvironment({ manager: plan.manager, environment, folder, projectDirectory: directory }, toolsOf(preparation));
  return { variables, prefix: `${activation(folder)} && ` };
};

const toolsOf = (preparation: Preparation): DockerTools => {
  const { variables, say, stop, scratch, setTags } = preparation;
  return { variables, say, stop, scratch, setTags, execute: async (command) => await executeStep(command, preparation) };
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
  if (code !== 0) throw new MlflowError('INTERNAL_ERROR', `The environment could not be made: '${text}' failed. ${nextStep(preparation.variables)}`);
};

/** The step has said why in its own words. */
const nextStep = (variables: Readonly<Record<string, string>>): string => {
  const [name, proxy] = Object.entries(variables).find(([key, value]) => /^https?_proxy$/i.test(key) && value !== '') ?? [];
  const way = name === undefined ? 'no proxy is set' : `downloads go through ${withoutCredentials(proxy ?? '')} (${name})`;
  return `What it said is above; if it did not reach the network: ${way}. Nothing is left of it, and the next run tries again.`;
};
