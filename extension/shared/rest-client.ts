import { request as requestOverSocket, type Agent, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { toByteStream } from './byte-stream.ts';
import { isErrorCode, MlflowError, type ErrorCode } from './errors.ts';
import type { ByteRange, HttpBody, HttpClient, HttpRequest } from './http.ts';
import { proxyAsks, reasonOf } from './fetch-failure.ts';
import { parseJson, writeJson } from './json.ts';

interface Answer {
  readonly status: number;
  /** Empty when absent. */
  readonly header: (name: string) => string;
  readonly body: AsyncIterable<Uint8Array>;
}

/** An answer whose body can be given up. */
interface OpenAnswer extends Answer {
  readonly giveUp: (reason: Error) => void;
}

/** Sends to `target` (path and query); rejects when no answer came. */
type Send = (target: string, request: HttpRequest) => Promise<Answer>;

/** ms until the first byte of an answer; MLflow's own client waits as long. */
const answerTimeout = 120_000;
/** ms within which each `pace` bytes of a reply have to come, so that nobody waits for ever for one that trickles. */
const paceTimeout = 30_000;
const pace = 16 * 1024;
/** Replies read as a whole stay below this, so that a hostile server cannot fill the memory (bytes). */
const largestReply = 512 * 1024 * 1024;

/** A client of a server on a Unix socket or named pipe; `base` is put before each path. */
export const socketClient = (socketPath: string, base: string, agent: Agent): HttpClient => clientOver(sendOverSocket(socketPath, base, agent));

/**
 * A client of a server on http(s), with the host's own `fetch`, which knows its proxies and certificates.
 * Headers are asked for anew for each request: credentials may change.
 */
export const fetchClient = (
  baseUrl: string,
  headers: () => Promise<Readonly<Record<string, string>>> | Readonly<Record<string, string>> = () => ({}),
): HttpClient => clientOver(sendByFetch(baseUrl, headers));

const clientOver = (send: Send): HttpClient => ({
  async json(request) {
    const answer = await succeed(send, request);
    return readObject(answer.header('content-type'), (await readAll(answer, request.signal)).toString('utf8'));
  },
  async bytes(request) {
    return (await readAll(await succeed(send, request), request.signal)).buffer;
  },
  async stream(request) {
    return toBody(await succeed(send, request));
  },
});

const toBody = ({ status, header, body }: Answer): HttpBody => {
  const [, from, whole] = (status === 206 ? /^bytes (\d+)-\d+\/(\d+)$/.exec(header('content-range')) : undefined) ?? [];
  // The length of what is packed for the way is not that of the file.
  const size = whole ?? (header('content-encoding') === '' ? header('content-length') : '');
  const version = header('etag') || header('last-modified') || size;
  return {
    [Symbol.asyncIterator]: () => body[Symbol.asyncIterator](),
    ...(whole !== undefined && { partOf: Number(whole), from: Number(from) }),
    ...(version !== '' && { version }),
  };
};

const rangeHeader = (range: ByteRange | undefined): Readonly<Record<string, string>> =>
  range === undefined ? {} : { range: `bytes=${range.start}-${range.end - 1}` };

const succeed = async (send: Send, request: HttpRequest): Promise<OpenAnswer> => {
  const answer = await sendInTime(send, request);
  if (answer.status >= 200 && answer.status < 300) return answer;
  throw toFailure(answer, (await readAll(answer, request.signal)).toString('utf8'));
};

const sendInTime = async (send: Send, request: HttpRequest): Promise<OpenAnswer> => {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(new Error(`no answer within ${answerTimeout / 1000} s`)), answerTimeout);
  try {
    const signal = request.signal === undefined ? timeout.signal : AbortSignal.any([request.signal, timeout.signal]);
    return { ...(await send(targetOf(request), { ...request, signal })), giveUp: (reason) => timeout.abort(reason) };
  } catch (error) {
    request.signal?.throwIfAborted();
    throw new MlflowError('TEMPORARILY_UNAVAILABLE', `The server does not answer: ${reasonOf(error)}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
};

const targetOf = ({ path, query = {} }: HttpRequest): string => {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    const values = Array.isArray(value) ? value : [value];
    for (const one of values) if (one !== undefined) search.append(key, String(one));
  }
  return search.size === 0 ? path : `${path}?${search.toString()}`;
};

const readAll = async ({ body, giveUp }: OpenAnswer, signal?: AbortSignal): Promise<Buffer<ArrayBuffer>> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  let paced = 0;
  const timer = setTimeout(() => giveUp(new Error(`less than ${pace / 1024} kB came in ${paceTimeout / 1000} s`)), paceTimeout);
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > largestReply) break;
      if (size - paced < pace) continue;
      paced = size;
      timer.refresh();
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw new MlflowError('TEMPORARILY_UNAVAILABLE', `The server's answer broke off: ${reasonOf(error)}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
  if (size > largestReply) throw new MlflowError('BAD_REQUEST', `The server's answer is larger than ${largestReply} bytes`);
  return concatenate(chunks, size);
};

/** Into a buffer of its own: `Buffer.concat` may hand out a part of a shared pool. */
const concatenate = (chunks: readonly Uint8Array[], size: number): Buffer<ArrayBuffer> => {
  const whole = Buffer.from(new ArrayBuffer(size));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
};

const readObject = (contentType: string, text: string): Record<string, unknown> => {
  if (text.trim() === '') return {};
  if (/html/i.test(contentType)) throw new MlflowError('BAD_REQUEST', `This is a web page, not an answer of MLflow: ${titleOf(text)}`);
  const value = parseObject(text);
  if (value === undefined) throw new MlflowError('BAD_REQUEST', 'The server answered with something else than a JSON object');
  return value;
};

/** MLflow puts a bare NaN into some replies, which JSON does not know. */
const parseObject = (text: string): Record<string, unknown> | undefined => {
  for (const candidate of [text, text.replaceAll(/([[:,]\s*)NaN(?=\s*[,}\]])/g, '$1"NaN"')]) {
    try {
      const value = parseJson(candidate);
      return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
    } catch {
      continue;
    }
  }
  return undefined;
};

/** Flask says that plain sentences are HTML, too: such a page has nothing but its text. */
const titleOf = (html: string): string => /<title>([^<]{0,200})/i.exec(html)?.[1]?.trim() ?? (html.includes('<') ? 'no title' : html.slice(0, 200).trim());

const toFailure = (answer: Answer, text: string): MlflowError => {
  const { status, header } = answer;
  const contentType = header('content-type');
  const retryAfter = readRetryAfter(header('retry-after'));
  const { error_code: code, message } = parseObject(text) ?? {};
  const known = typeof code === 'string' && isErrorCode(code) ? code : codeOfStatus(status);
  if (typeof message === 'string') return new MlflowError(known, message, { retryAfter });
  const detail = /html/i.test(contentType) ? titleOf(text) : text.slice(0, 200).trim();
  return new MlflowError(known, `${meaningOf(answer)}${detail === '' ? '' : `: ${detail}`}`, { retryAfter });
};

const meanings: ReadonlyMap<number, string> = new Map([
  [403, 'The server forbids it (403)'],
  [407, proxyAsks],
]);

/** Where a redirect leads to is said, and not followed: who asks would be known there. */
const meaningOf = ({ status, header }: Answer): string => {
  const target = status >= 300 && status < 400 ? URL.parse(header('location')) : null;
  if (target !== null) return `It sends whoever asks to ${target.origin}${target.pathname} (${status})`;
  return meanings.get(status) ?? `The server answered ${status}`;
};

/** ms, of seconds or of a date; undefined for what is neither. */
const readRetryAfter = (text: string): number | undefined => {
  const wait = /^\s*\d+\s*$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isFinite(wait) ? Math.max(0, wait) : undefined;
};

const codeOfStatus = (status: number): ErrorCode => {
  if (status === 401) return 'UNAUTHENTICATED';
  if (status === 403) return 'PERMISSION_DENIED';
  if (status === 404 || status === 405) return 'ENDPOINT_NOT_FOUND';
  if (status === 409) return 'RESOURCE_CONFLICT';
  if (status === 429) return 'REQUEST_LIMIT_EXCEEDED';
  if (status === 501) return 'NOT_IMPLEMENTED';
  if (status >= 502 && status <= 504) return 'TEMPORARILY_UNAVAILABLE';
  return status >= 500 ? 'INTERNAL_ERROR' : 'BAD_REQUEST';
};

const sendOverSocket =
  (socketPath: string, base: string, agent: Agent): Send =>
  async (target, { method, json, body: bytes, range, signal }) => {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const body = json === undefined ? undefined : writeJson(json);
    const headers = {
      ...(body !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
      ...rangeHeader(range),
    };
    const outgoing = requestOverSocket({ socketPath, agent, method, path: base + target, headers, ...(signal && { signal }) }, resolve);
    outgoing.once('error', reject);
    if (bytes === undefined) outgoing.end(body);
    else pipeline(Readable.from(bytes), outgoing).catch(reject);
    const incoming = await promise;
    const header = (name: string): string => String(incoming.headers[name] ?? '');
    return { status: incoming.statusCode ?? 0, header, body: incoming };
  };

const sendByFetch =
  (baseUrl: string, headers: () => Promise<Readonly<Record<string, string>>> | Readonly<Record<string, string>>): Send =>
  async (target, { method, json, body, range, signal }) => {
    const response = await fetch(baseUrl.replace(/\/+$/, '') + target, {
      method,
      headers: { ...(json !== undefined && { 'content-type': 'application/json' }), ...rangeHeader(range), ...(await headers()) },
      ...(json !== undefined && { body: writeJson(json) }),
      ...(body !== undefined && { body: toByteStream(body), duplex: 'half' as const }),
      ...(signal && { signal }),
      // Credentials must not follow a redirect to another host.
      redirect: 'manual',
    });
    return { status: response.status, header: (name) => response.headers.get(name) ?? '', body: response.body ?? noBytes() };
  };

// eslint-disable-next-line require-yield
async function* noBytes(): AsyncGenerator<Uint8Array> {}
