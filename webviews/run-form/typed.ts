import { environmentManagers, plainChoices, type EnvironmentManager, type NamedText, type RunChoices } from '../../schemas/run-choices.ts';
import type { FormParameter } from '../../schemas/run-form.ts';

/** What stands in the fields. A row keeps its id while it is edited. */
export interface Typed {
  /** By name; of declared parameters. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly extras: readonly Row[];
  readonly manager: EnvironmentManager;
  readonly experiment: string;
  readonly runName: string;
  readonly variables: readonly Row[];
  readonly buildImage: boolean;
  readonly dockerArgs: readonly Row[];
}

export interface Row extends NamedText {
  readonly id: number;
}

export const emptyTyped: Typed = {
  parameters: new Map(),
  extras: [],
  manager: 'local',
  experiment: '',
  runName: '',
  variables: [],
  buildImage: false,
  dockerArgs: [],
};

let lastId = 0;

export const newRow = (key = '', value = ''): Row => ({ id: ++lastId, key, value });

/** A parameter that is not given shows its default. */
export const toTyped = (parameters: readonly FormParameter[], choices: RunChoices): Typed => {
  const given = new Map(choices.values.map(({ key, value }) => [key, value]));
  const declared = new Set(parameters.map(({ name }) => name));
  return {
    parameters: new Map(parameters.map(({ name, defaultValue }) => [name, given.get(name) ?? defaultValue ?? ''])),
    extras: choices.values.filter(({ key }) => !declared.has(key)).map(({ key, value }) => newRow(key, value)),
    manager: environmentManagers.find((manager) => manager === choices.manager) ?? plainChoices.manager,
    experiment: choices.experiment ?? '',
    runName: choices.runName ?? '',
    variables: choices.variables.map(({ key, value }) => newRow(key, value)),
    buildImage: choices.docker?.buildImage ?? false,
    dockerArgs: choices.docker?.args.map(({ key, value }) => newRow(key, value)) ?? [],
  };
};

/** Defaults are not given; nothing at all is no value where one is needed. Rows that are wholly empty are none. */
export const toChoices = (parameters: readonly FormParameter[], typed: Typed): RunChoices => ({
  values: [
    ...parameters.flatMap(({ name, defaultValue = '' }) => {
      const value = typed.parameters.get(name) ?? defaultValue;
      return value === defaultValue ? [] : [{ key: name, value }];
    }),
    ...texts(typed.extras),
  ],
  manager: typed.manager,
  ...(typed.experiment !== '' && { experiment: typed.experiment }),
  ...(typed.runName !== '' && { runName: typed.runName }),
  variables: texts(typed.variables),
  ...((typed.buildImage || typed.dockerArgs.length > 0) && { docker: { buildImage: typed.buildImage, args: texts(typed.dockerArgs) } }),
});

const texts = (rows: readonly Row[]): readonly NamedText[] => rows.flatMap(({ key, value }) => (key === '' && value === '' ? [] : [{ key, value }]));

/** One line for a list of earlier starts. */
export const choicesText = ({ values, manager, experiment, runName }: RunChoices): string => {
  const parts = [
    ...(runName === undefined ? [] : [runName]),
    ...values.map(({ key, value }) => `${key}=${value}`),
    ...(experiment === undefined ? [] : [`in ${experiment}`]),
    ...(manager === 'local' ? [] : [manager]),
  ];
  return parts.length === 0 ? 'the defaults' : parts.join(', ');
};
