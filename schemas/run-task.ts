import { environmentManagers, isEnvironmentManager, plainChoices, type NamedText, type RunChoices } from './run-choices.ts';

/** A task of type `mlflow` in tasks.json, as its schema in package.json describes it. */
export interface RunTask {
  readonly type: 'mlflow';
  /** A folder, relative to the workspace folder, or a git address with `#subfolder`. */
  readonly project?: string;
  readonly version?: string;
  readonly entryPoint?: string;
  readonly parameters?: Readonly<Record<string, string | number | boolean>>;
  readonly envManager?: string;
  readonly experiment?: string;
  readonly runName?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface RunTaskStart {
  readonly project: string;
  readonly version?: string;
  readonly entryPoint: string;
  readonly choices: RunChoices;
}

/** Files are written by hand: what does not fit is said in a sentence. */
export const readRunTask = (definition: Readonly<Record<string, unknown>>): RunTaskStart | { readonly problem: string } => {
  const { project = '.', version, entryPoint = 'main', parameters = {}, envManager = 'local', experiment, runName, env = {} } = definition;
  const texts = { project, version, entryPoint, experiment, runName };
  const wrong = Object.entries(texts).find(([, value]) => value !== undefined && typeof value !== 'string')?.[0];
  if (wrong !== undefined) return { problem: `'${wrong}' must be a text` };
  if (!isEnvironmentManager(envManager)) return { problem: `'envManager' must be one of ${environmentManagers.join(', ')}` };
  const [values, variables] = [namedTexts(parameters), namedTexts(env)];
  if (values === undefined) return { problem: "'parameters' must name a text, a number, true or false for each parameter" };
  if (variables === undefined) return { problem: "'env' must name a text for each variable" };
  return {
    project: textOf(project) ?? '.',
    entryPoint: textOf(entryPoint) ?? 'main',
    ...optional('version', version),
    choices: { ...plainChoices, values, manager: envManager, variables, ...optional('experiment', experiment), ...optional('runName', runName) },
  };
};

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

const optional = <Name extends string>(name: Name, value: unknown): Partial<Record<Name, string>> => {
  const text = textOf(value);
  const found: Partial<Record<string, string>> = text === undefined ? {} : { [name]: text };
  return found;
};

const namedTexts = (value: unknown): readonly NamedText[] | undefined => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const entries: readonly [string, unknown][] = Object.entries(value);
  if (!entries.every(([, each]) => ['string', 'number', 'boolean'].includes(typeof each))) return undefined;
  return entries.map(([key, each]) => ({ key, value: String(each) }));
};

/** Only what differs from a plain start. */
export const toRunTask = ({ project, version, entryPoint, choices }: RunTaskStart): RunTask => ({
  type: 'mlflow',
  project,
  ...optional('version', version),
  entryPoint,
  ...(choices.values.length > 0 && { parameters: record(choices.values) }),
  ...(choices.manager !== 'local' && { envManager: choices.manager }),
  ...optional('experiment', choices.experiment),
  ...optional('runName', choices.runName),
  ...(choices.variables.length > 0 && { env: record(choices.variables) }),
});

const record = (texts: readonly NamedText[]): Readonly<Record<string, string>> => Object.fromEntries(texts.map(({ key, value }) => [key, value]));
