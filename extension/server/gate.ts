import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export interface GateOptions {
  /** Names (or `name:port`) by which clients may call this server; loopback names when absent. */
  readonly allowedHosts?: readonly string[];
  /** undefined: none is asked for. */
  readonly token: string | undefined;
}

export interface Refusal {
  readonly status: 400 | 401 | 403;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Gate = (request: IncomingMessage, port: number) => Refusal | undefined;

const loopbackNames = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Who may ask at all, decided before any route: deny by default. A web page in a browser of this machine
 * can reach loopback ports, under a name of its own (DNS rebinding) or by forms: so the Host must be one of ours,
 * an Origin must be ours, and the token is asked for on every path.
 */
export const createGate = ({ allowedHosts = loopbackNames, token }: GateOptions): Gate => {
  const hosts = new Set(allowedHosts.map((host) => host.toLowerCase()));
  const isOurs = (host: string, port: number): boolean => hosts.has(host) || (host.endsWith(`:${port}`) && hosts.has(host.slice(0, -`:${port}`.length)));
  const isLoopbackOnly = allowedHosts === loopbackNames;
  const wanted = token === undefined ? undefined : digest(token);

  return (request, port) => {
    const { host } = request.headers;
    if (host === undefined || countHosts(request) > 1) return { status: 400, message: 'A request has one Host header' };
    const name = host.toLowerCase();
    if (!isOurs(name, port) || (isLoopbackOnly && port !== 80 && hosts.has(name)))
      return forbidden('Invalid Host header - possible DNS rebinding attack detected');
    if (!isOwnPage(request, name)) return forbidden('Cross-origin request blocked');
    if (wanted !== undefined && !carriesToken(request, wanted)) return unauthenticated;
    return undefined;
  };
};

/** Of several Node hands out the first. */
const countHosts = ({ rawHeaders }: IncomingMessage): number => {
  let count = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at];
    if (name?.length === 4 && name.toLowerCase() === 'host') count += 1;
  }
  return count;
};

const forbidden = (message: string): Refusal => ({ status: 403, message });

const unauthenticated: Refusal = {
  status: 401,
  message: 'A token is needed: as MLFLOW_TRACKING_TOKEN, or as the password of MLFLOW_TRACKING_USERNAME and _PASSWORD',
  headers: { 'www-authenticate': 'Bearer, Basic realm="mlflow"' },
};

/** Programs send neither header; a browser sends them, and does not let a page forge them. */
const isOwnPage = (request: IncomingMessage, host: string): boolean => {
  const { origin, 'sec-fetch-site': site } = request.headers;
  if (typeof site === 'string' && site !== 'same-origin' && site !== 'none') return false;
  return origin === undefined || origin.toLowerCase() === `http://${host}` || origin.toLowerCase() === `https://${host}`;
};

/** Bearer, or Basic with the token as password: Python prefers Basic when it finds a user and password. */
const carriesToken = (request: IncomingMessage, wanted: Buffer): boolean => {
  const [, scheme = '', credentials = ''] = /^(\w+) +(\S+)$/.exec(request.headers.authorization ?? '') ?? [];
  if (scheme.toLowerCase() === 'bearer') return isText(credentials, wanted);
  if (scheme.toLowerCase() !== 'basic') return false;
  const userAndPassword = Buffer.from(credentials, 'base64').toString('utf8');
  return isText(userAndPassword.slice(userAndPassword.indexOf(':') + 1), wanted);
};

/** In a time that tells nothing about either. */
const isText = (text: string, wanted: Buffer): boolean => timingSafeEqual(digest(text), wanted);

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
