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
  /** Of projects that run in a container. */
  readonly buildImage?: boolean;
  readonly dockerArgs?: Readonly<Record<string, string | number | boolean>>;
}

export interface RunTaskStart {
  readonly project: string;
  readonly version?: string;
  readonly entryPoint: string;
  readonly choices: RunChoices;
}

/** Files are written by hand: what does not fit is said in a sentence. */
export const readRunTask = (definition: Readonly<Record<string, unknown>>): RunTaskStart | { readonly problem: string } => {
  const {
    project = '.',
    version,
    entryPoint = 'main',
    parameters = {},
    envManager = 'local',
    experiment,
    runName,
    env = {},
    buildImage = false,
    dockerArgs = {},
  } = definition;
  const texts = { project, version, entryPoint, experiment, runName };
  const wrong = Object.entries(texts).find(([, value]) => value !== undefined && typeof value !== 'string')?.[0];
  if (wrong !== undefined) return { problem: `'${wrong}' must be a text` };
  if (!isEnvironmentManager(envManager)) return { problem: `'envManager' must be one of ${environmentManagers.join(', ')}` };
  const [values, variables, args] = [namedTexts(parameters), namedTexts(env), namedTexts(dockerArgs)];
  if (values === undefined) return { problem: "'parameters' must name a text, a number, true or false for each parameter" };
  if (variables === undefined) return { problem: "'env' must name a text for each variable" };
  if (args === undefined || typeof buildImage !== 'boolean')
    return { problem: "'buildImage' must be true or false, 'dockerArgs' name a value for each option" };
  const docker = buildImage || args.length > 0 ? { docker: { buildImage, args: args.map(toFlag) } } : {};
  return {
    project: textOf(project) ?? '.',
    entryPoint: textOf(entryPoint) ?? 'main',
    ...optional('version', version),
    choices: { ...plainChoices, values, manager: envManager, variables, ...optional('experiment', experiment), ...optional('runName', runName), ...docker },
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

/** `true` is what one writes for a flag. */
const toFlag = ({ key, value }: NamedText): NamedText => ({ key, value: value === 'true' ? '' : value });

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
  ...(choices.docker?.buildImage === true && { buildImage: true }),
  ...(choices.docker !== undefined && choices.docker.args.length > 0 && { dockerArgs: record(choices.docker.args) }),
});

const record = (texts: readonly NamedText[]): Readonly<Record<string, string>> => Object.fromEntries(texts.map(({ key, value }) => [key, value]));
