import { isProxyAsking, proxyAsks, reasonOf } from '../shared/fetch-failure.ts';
import type { Headers } from './credentials.ts';
import type { ServerAddress } from './store-connection.ts';
import { diagnoseTls } from './tls-diagnosis.ts';

/** What is wrong with the connection to a server, and the one thing to change. */
export interface Diagnosis {
  readonly kind:
    | 'ok'
    | 'refused'
    | 'unknownHost'
    | 'noAnswer'
    | 'tls'
    | 'scheme'
    | 'credentials'
    | 'proxy'
    | 'forbidden'
    | 'host'
    | 'prefix'
    | 'login'
    | 'old'
    | 'workspace'
    | 'broken';
  /** One sentence. */
  readonly cause: string;
  readonly advice: string;
}

const searchPath = '/api/2.0/mlflow/experiments/search?max_results=1';
const patience = 10_000;

interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly location: string | null;
  readonly text: string;
}

/** Asks the server as we would, and names what stands in the way. */
export const diagnose = async ({ url, workspace }: Pick<ServerAddress, 'url' | 'workspace'>, headers: Headers, signal?: AbortSignal): Promise<Diagnosis> => {
  const ask = async (address: string): Promise<Answer> => askFor(address, headers, signal);
  try {
    const found = await diagnoseAnswer(url, await ask(url + searchPath), ask);
    if (found.kind !== 'ok' || workspace === undefined) return found;
    return (await diagnoseWorkspace(url, workspace, async (address) => askFor(address, { ...headers, 'x-mlflow-workspace': workspace }, signal))) ?? found;
  } catch (error) {
    signal?.throwIfAborted();
    return diagnoseFailure(new URL(url), error);
  }
};

const askFor = async (address: string, headers: Headers, signal?: AbortSignal): Promise<Answer> => {
  const signals = [AbortSignal.timeout(patience), ...(signal ? [signal] : [])];
  const response = await fetch(address, { headers, redirect: 'manual', signal: AbortSignal.any(signals) });
  const text = (await response.text()).slice(0, 10_000);
  return { status: response.status, contentType: response.headers.get('content-type') ?? '', location: response.headers.get('location'), text };
};

type Ask = (address: string) => Promise<Answer>;

const diagnoseAnswer = async (url: string, answer: Answer, ask: Ask): Promise<Diagnosis> => {
  const { status } = answer;
  if (status >= 300 && status < 400) return diagnoseRedirect(url, answer);
  if (status === 401) return unauthenticated(url);
  if (status === 407) return refusedByProxy;
  if (/invalid host header/i.test(answer.text)) return refusedHost(url);
  if (status === 403) {
    return {
      kind: 'forbidden',
      cause: 'The server knows who asks, and forbids it (403).',
      advice: 'Ask its administrator for the permission to read experiments, or sign in as somebody else.',
    };
  }
  if (/sent to https port|HTTPS server/i.test(answer.text))
    return { kind: 'scheme', cause: 'The server speaks https.', advice: `Use ${url.replace(/^http:/, 'https:')} in the setting mlflow.stores.` };
  if (isPage(answer)) return await diagnosePage(url, answer, ask);
  if (status === 404 || status === 405) return await diagnoseMissing(url, ask);
  if (status >= 200 && status < 300 && isMlflow(answer))
    return { kind: 'ok', cause: 'The server answers as MLflow does.', advice: 'Nothing has to be changed.' };
  if (status === 502 || status === 503 || status === 504) {
    return {
      kind: 'noAnswer',
      cause: `Something in front of the server answers, but MLflow does not (${status}).`,
      advice: 'Start MLflow behind it, or wait until it is up: the store is tried again by itself.',
    };
  }
  return { kind: 'broken', cause: `The server answered ${status}: ${answer.text.slice(0, 200).trim()}`, advice: 'Look into the log of the server.' };
};

const isPage = ({ contentType, status }: Answer): boolean => /html/i.test(contentType) && status !== 404 && status < 500;
const isMlflow = ({ text }: Answer): boolean => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
};

const unauthenticated = (url: string): Diagnosis => ({
  kind: 'credentials',
  cause: 'The server asks who you are, and does not accept what it was told (401).',
  advice: `Sign in to ${new URL(url).origin}.`,
});

const refusedByProxy: Diagnosis = {
  kind: 'proxy',
  cause: `${proxyAsks}.`,
  advice: 'Name a user and a password in the setting http.proxy, or set http.proxyAuthorization.',
};

const refusedHost = (url: string): Diagnosis => {
  const { host } = new URL(url);
  return {
    kind: 'host',
    cause: `The server does not answer under the name ${host}: MLflow 3.5 and newer check it against DNS rebinding.`,
    advice: `Start it with --allowed-hosts "${host}" (or MLFLOW_SERVER_ALLOWED_HOSTS).`,
  };
};

const diagnoseRedirect = (url: string, { location, status }: Answer): Diagnosis => {
  const target = URL.parse(location ?? '', url);
  const here = new URL(url);
  if (target?.protocol === 'https:' && here.protocol === 'http:' && target.hostname === here.hostname) {
    return {
      kind: 'scheme',
      cause: 'The server sends http to https.',
      advice: `Use https://${target.host}${here.pathname.replace(/\/$/, '')} in the setting mlflow.stores.`,
    };
  }
  const where = target === null ? 'somewhere else' : target.origin + target.pathname;
  return {
    kind: 'login',
    cause: `The server sends whoever asks to ${where} (${status}): a page to sign in on.`,
    advice: 'Ask for an address that takes a token, and sign in with it.',
  };
};

/** A page where an answer was due: one to sign in on, or the address is of something else. */
const diagnosePage = async (url: string, { text }: Answer, ask: Ask): Promise<Diagnosis> => {
  const title = /<title>([^<]{0,200})/i.exec(text)?.[1]?.trim() ?? 'without a title';
  const better = await findBase(url, ask);
  if (better !== undefined) return wrongPrefix(better);
  const isLogin = /log.?in|sign.?in|password|sso/i.test(text);
  return isLogin
    ? { kind: 'login', cause: `A page to sign in on answers (“${title}”), not MLflow.`, advice: 'Ask for an address that takes a token, and sign in with it.' }
    : {
        kind: 'prefix',
        cause: `A web page answers (“${title}”), not MLflow.`,
        advice: 'Check the address: host, port, and the path that MLflow was given by --static-prefix or a proxy.',
      };
};

const diagnoseMissing = async (url: string, ask: Ask): Promise<Diagnosis> => {
  const older = await ask(`${url}/api/2.0/mlflow/experiments/list`).catch(() => undefined);
  if (older?.status === 200 && isMlflow(older)) return tooOld('older than 1.28');
  const better = await findBase(url, ask);
  if (better !== undefined) return wrongPrefix(better);
  const version = await ask(`${url}/version`).catch(() => undefined);
  if (version?.status === 200 && /^\d+\.\d+/.test(version.text)) return tooOld(`MLflow ${version.text.trim().slice(0, 20)}`);
  return {
    kind: 'prefix',
    cause: 'The server answers, but there is no MLflow at this address (404).',
    advice: 'Check the path: the one of --static-prefix, or of the proxy in front of MLflow, belongs to the address.',
  };
};

/** A server without workspaces would show what is in none, and one that has them does not say so of a name that it does not know. */
const diagnoseWorkspace = async (url: string, workspace: string, ask: Ask): Promise<Diagnosis | undefined> => {
  const info = await ask(`${url}/api/3.0/mlflow/server-info`);
  if (!/"workspaces_enabled":\s*true/.test(info.text)) {
    return {
      kind: 'workspace',
      cause: 'The server answers as MLflow does, but has no workspaces.',
      advice: `Take ?workspace=${workspace} out of its address in the setting mlflow.stores (or MLFLOW_WORKSPACE away), or switch workspaces on: MLflow 3.10 and newer have them.`,
    };
  }
  const { status } = await ask(url + searchPath);
  if (status >= 200 && status < 300) return undefined;
  const cause = status === 403 ? `It forbids you the workspace ${workspace} (403).` : `It has workspaces, but answers ${status} for ${workspace}.`;
  return {
    kind: 'workspace',
    cause,
    advice: 'Check the name after ?workspace= in the setting mlflow.stores (or MLFLOW_WORKSPACE), or ask its administrator for it.',
  };
};

const tooOld = (which: string): Diagnosis => ({
  kind: 'old',
  cause: `The server is ${which}, which cannot search experiments.`,
  advice: 'Update MLflow on the server to 2.0 or newer.',
});

const wrongPrefix = (base: string): Diagnosis => ({ kind: 'prefix', cause: `MLflow is at ${base}.`, advice: `Use ${base} in the setting mlflow.stores.` });

/** MLflow under a shorter path of the same server: people paste addresses of its pages. */
const findBase = async (url: string, ask: Ask): Promise<string | undefined> => {
  const { origin, pathname } = new URL(url);
  const parts = pathname.split('/').filter((part) => part !== '');
  const shorter = parts.map((_, index) => [origin, ...parts.slice(0, index)].join('/'));
  for (const base of [...shorter, `${url}/mlflow`]) {
    const answer = await ask(base + searchPath).catch(() => undefined);
    if (answer?.status === 200 && !isPage(answer) && isMlflow(answer)) return base;
  }
  return undefined;
};

const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return codeOf(error.cause);
};

const diagnoseFailure = (url: URL, error: unknown): Diagnosis => {
  const { protocol, host, hostname } = url;
  const code = codeOf(error);
  const message = reasonOf(error);
  if (isProxyAsking(error)) return refusedByProxy;
  if (/ENOTFOUND|EAI_AGAIN/.test(code))
    return { kind: 'unknownHost', cause: `There is no host ${hostname}.`, advice: 'Check its name, or connect to the network (VPN) that knows it.' };
  const insecure = diagnoseTls(url, code, message);
  if (insecure !== undefined) return insecure;
  if (protocol === 'http:' && /ECONNRESET|HPE_|UND_ERR_SOCKET/.test(code)) {
    return { kind: 'scheme', cause: `${host} does not speak http: ${message}.`, advice: `Try https://${host} in the setting mlflow.stores.` };
  }
  if (code === 'ECONNREFUSED') return { kind: 'refused', cause: `Nothing listens at ${host}.`, advice: 'Start the server, or check the port.' };
  return { kind: 'noAnswer', cause: `${host} does not answer: ${message}.`, advice: 'Check the address, the network and the proxy (http.proxy).' };
};
