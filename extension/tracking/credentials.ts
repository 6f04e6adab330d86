import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** What a person gives to a server; `mlflow`: what MLflow's own variables and file have. */
export type Credentials =
  | { readonly kind: 'basic'; readonly user: string; readonly password: string }
  | { readonly kind: 'bearer'; readonly token: string }
  | { readonly kind: 'mlflow' };

export type Headers = Readonly<Record<string, string>>;

/** Kept by the origin of a server (`https://host:port`): another server never gets them. */
export interface CredentialStore {
  of(origin: string): Promise<Credentials | undefined>;
}

/** The headers that say who asks. MLflow's own are sent to a server only where a person, or `MLFLOW_TRACKING_URI`, has named it. */
export const headersFor = async (url: string, kept: CredentialStore, mlflow: MlflowCredentials = new MlflowCredentials()): Promise<Headers> => {
  const { origin } = new URL(url);
  const credentials = (await kept.of(origin)) ?? (mlflow.isNamed(origin) ? { kind: 'mlflow' } : undefined);
  if (credentials?.kind !== 'mlflow') return toHeaders(credentials);
  return toHeaders(await mlflow.read(origin));
};

const toHeaders = (credentials: Exclude<Credentials, { kind: 'mlflow' }> | undefined): Headers => {
  if (credentials === undefined) return {};
  if (credentials.kind === 'bearer') return { authorization: `Bearer ${credentials.token}` };
  return { authorization: `Basic ${Buffer.from(`${credentials.user}:${credentials.password}`).toString('base64')}` };
};

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * `MLFLOW_TRACKING_USERNAME`, `…_PASSWORD`, `…_TOKEN`, and `~/.mlflow/credentials`, by MLflow's rules: variables first, a user
 * before a token. Before all of them a user in `MLFLOW_TRACKING_URI` itself, for its server alone.
 */
export class MlflowCredentials {
  readonly #environment: Environment;
  readonly #home: string;

  constructor(environment: Environment = process.env, home = homedir()) {
    this.#environment = environment;
    this.#home = home;
  }

  /** Whether the environment says that this is the server which its credentials are for. */
  isNamed(origin: string): boolean {
    return this.#named?.origin === origin;
  }

  get #named(): URL | null {
    return URL.parse(this.#environment['MLFLOW_TRACKING_URI']?.trim() ?? '');
  }

  async read(origin: string): Promise<Exclude<Credentials, { kind: 'mlflow' }> | undefined> {
    if (this.isNamed(origin) && this.#named !== null && this.#named.username !== '')
      return { kind: 'basic', user: decoded(this.#named.username), password: decoded(this.#named.password) };
    const file = readIni(await readFile(join(this.#home, '.mlflow', 'credentials'), 'utf8').catch(() => ''));
    const value = (name: string): string => this.#environment[`MLFLOW_TRACKING_${name}`] || file.get(`mlflow_tracking_${name.toLowerCase()}`) || '';
    const [user, password, token] = [value('USERNAME'), value('PASSWORD'), value('TOKEN')];
    if (user !== '' && password !== '') return { kind: 'basic', user, password };
    return token === '' ? undefined : { kind: 'bearer', token };
  }
}

/** As it is where its percent signs encode nothing. */
const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** Keys of the section `[mlflow]`. */
const readIni = (text: string): ReadonlyMap<string, string> => {
  const values = new Map<string, string>();
  let section = '';
  for (const line of text.split(/\r?\n/)) {
    section = /^\s*\[([^\]]*)\]/.exec(line)?.[1] ?? section;
    const [, key, value] = /^\s*([\w.-]+)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
    if (section === 'mlflow' && key !== undefined && value !== undefined) values.set(key.toLowerCase(), value);
  }
  return values;
};

/** What was kept as text; undefined for what is none of ours. */
export const readCredentials = (text: string | undefined): Credentials | undefined => {
  try {
    const value: unknown = JSON.parse(text ?? 'null');
    return isCredentials(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

const isCredentials = (value: unknown): value is Credentials => {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  if (value.kind === 'basic') return 'user' in value && typeof value.user === 'string' && 'password' in value && typeof value.password === 'string';
  if (value.kind === 'bearer') return 'token' in value && typeof value.token === 'string';
  return value.kind === 'mlflow';
};
