import { addressText, storeVariables, type StoreAddress } from './store-connection.ts';

const uriVariable = 'MLFLOW_TRACKING_URI';

/** A place where a person may have set variables for programs. */
export interface VariableSource {
  /** For people: `.env`, `the setting terminal.integrated.env.linux`. */
  readonly name: string;
  /** Null takes a variable away, which is a decision, too. */
  readonly variables: Readonly<Record<string, unknown>>;
}

export type ProgramVariables =
  | { readonly kind: 'given'; readonly variables: Readonly<Record<string, string>> }
  /** Somebody has chosen another store in this place, and programs are left alone. */
  | { readonly kind: 'left'; readonly source: string };

/** What programs are given so that plain `import mlflow` logs to a store, unless a person has set where it logs to. */
export const programVariables = (address: StoreAddress, sources: readonly VariableSource[]): ProgramVariables => {
  const uri = addressText(address);
  const other = sources.find(({ variables }) => isSet(variables[uriVariable]) && variables[uriVariable] !== uri);
  if (other !== undefined) return { kind: 'left', source: other.name };
  const wanted = Object.entries(storeVariables(address));
  const free = wanted.filter(([name]) => name === uriVariable || !sources.some(({ variables }) => isSet(variables[name])));
  return { kind: 'given', variables: Object.fromEntries(free) };
};

/** What programs started in a folder get, or why they get nothing. */
export type FolderVariables =
  | ProgramVariables
  | { readonly kind: 'off' }
  | { readonly kind: 'no-store' }
  /** Nobody has agreed that programs log to the server. */
  | { readonly kind: 'unagreed'; readonly url: string };

/** In one line, for people. */
export const explainVariables = (given: FolderVariables): string => {
  switch (given.kind) {
    case 'given':
      return `get ${Object.entries(given.variables)
        .map(([name, value]) => `${name}=${value}`)
        .join(' ')}`;
    case 'left':
      return `are left alone: ${uriVariable} is set in ${given.source}`;
    case 'off':
      return 'are left alone, as the setting mlflow.tracking.environment says';
    case 'no-store':
      return 'get nothing: the folder has no store yet';
    case 'unagreed':
      return `get nothing: “Log to Server from Terminals…” lets them log to ${given.url}`;
    default:
      return given satisfies never;
  }
};

const isSet = (value: unknown): boolean => value !== undefined;

/** Environments of tasks lie a few levels deep: task → platform → options → env. */
const deepest = 6;

/** The `env` objects in what tasks.json holds, wherever they stand: of all tasks, of one, of one on a platform. */
export const environmentsIn = (value: unknown, depth = 0): readonly Readonly<Record<string, unknown>>[] => {
  if (typeof value !== 'object' || value === null || depth > deepest) return [];
  return Object.entries(value).flatMap(([key, member]) => (key === 'env' && isRecord(member) ? [member] : environmentsIn(member, depth + 1)));
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);
