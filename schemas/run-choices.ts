/** MLflow's names for where an entry point finds its programs. */
export const environmentManagers = ['local', 'virtualenv', 'uv', 'conda'] as const;
export type EnvironmentManager = (typeof environmentManagers)[number];

export interface NamedText {
  readonly key: string;
  readonly value: string;
}

/** How an entry point is started: what a form shows, a task says and the editor remembers. */
export interface RunChoices {
  /** Of parameters, where they differ from the defaults; in the order in which they were given. */
  readonly values: readonly NamedText[];
  readonly manager: EnvironmentManager;
  /** Name; absent: what MLflow's variables say, else `Default`. */
  readonly experiment?: string;
  /** Absent: the store makes one up. */
  readonly runName?: string;
  /** Environment variables, on top of those that the editor has. */
  readonly variables: readonly NamedText[];
  /** Of projects that run in a container; the manager is of no account then. */
  readonly docker?: DockerChoices;
}

export interface DockerChoices {
  /** Build an image with the project in it. */
  readonly buildImage: boolean;
  /** Options of `docker run`, without dashes; an empty value is a flag. */
  readonly args: readonly NamedText[];
}

export const plainChoices: RunChoices = { values: [], manager: 'local', variables: [] };

/** For what was kept by an earlier version, or sent by a page. */
export const isRunChoices = (value: unknown): value is RunChoices => {
  if (typeof value !== 'object' || value === null || !('values' in value) || !('variables' in value) || !('manager' in value)) return false;
  return isNamedTexts(value.values) && isNamedTexts(value.variables) && isEnvironmentManager(value.manager);
};

const isNamedTexts = (value: unknown): value is readonly NamedText[] =>
  Array.isArray(value) &&
  value.every(
    (each: unknown) =>
      typeof each === 'object' && each !== null && 'key' in each && typeof each.key === 'string' && 'value' in each && typeof each.value === 'string',
  );

export const isEnvironmentManager = (text: unknown): text is EnvironmentManager => environmentManagers.some((manager) => manager === text);
