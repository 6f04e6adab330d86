/** MLflow's names for where an entry point finds its programs. */
export const environmentManagers = ['local', 'virtualenv', 'uv'] as const;
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
}

export const plainChoices: RunChoices = { values: [], manager: 'local', variables: [] };

export const isEnvironmentManager = (text: unknown): text is EnvironmentManager => environmentManagers.some((manager) => manager === text);
