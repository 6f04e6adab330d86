import { setImmediate as turn } from 'node:timers/promises';
import { Agent, request } from 'node:http';

import { parseJson, writeJson } from '../../extension/shared/json.ts';

/** One request of a scenario; `raw` is a body as it is, `path` a target as it is. */
export interface ReplayedRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly json?: unknown;
  readonly raw?: string | Uint8Array;
  readonly contentType?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Exchange {
  readonly title: string;
  readonly status: number;
  readonly body: unknown;
}

/** A text or number inside a JSON reply, as text: `pick(reply, 'run.info.run_id')`. */
export const pick = (reply: unknown, path: string): string => {
  let value = reply;
  for (const name of path.split('.')) value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' ? String(value) : `no ${path}`;
};

/** What two requests of one millisecond make has no order by its time. */
const nextMillisecond = async (): Promise<void> => {
  const now = Date.now();
  while (Date.now() === now) await turn();
};

/** Sends a scenario's requests to one server and keeps what came back. */
export class Replay {
  readonly #url: URL;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly exchanges: Exchange[] = [];
  /** An experiment of this scenario's own. */
  readonly experimentId: string;
  readonly #labels = new Map<string, string>();

  private constructor(url: string, experimentId: string) {
    this.#url = new URL(url);
    this.experimentId = experimentId;
  }

  static async start(url: string, title: string): Promise<Replay> {
    const scout = new Replay(url, '');
    const created = await scout.post('/experiments/create', { name: title });
    scout.close();
    return new Replay(url, pick(created, 'experiment_id'));
  }

  post(path: string, json: unknown = {}): Promise<unknown> {
    return this.send({ method: 'POST', path: mlflow(path), json });
  }

  get(path: string, query: Readonly<Record<string, string | number | readonly string[]>> = {}): Promise<unknown> {
    const search = new URLSearchParams(Object.entries(query).flatMap(([name, value]) => [value].flat().map((one) => [name, String(one)])));
    return this.send({ method: 'GET', path: `${mlflow(path)}${search.size > 0 ? `?${search.toString()}` : ''}` });
  }

  async send(sent: ReplayedRequest): Promise<unknown> {
    const body = sent.raw ?? (sent.json === undefined ? undefined : writeJson(sent.json));
    const { status, text } = await this.#exchange(sent, body);
    const reply = parse(text);
    const shown = typeof body === 'string' ? body : body === undefined ? '' : `${body.length} bytes`;
    this.exchanges.push({ title: this.#normalizeText(`${sent.method} ${sent.path} ${shown}`).slice(0, 400), status, body: this.#normalize(reply) });
    return reply;
  }

  close(): void {
    this.#agent.destroy();
  }

  async #exchange(sent: ReplayedRequest, body: string | Uint8Array | undefined): Promise<{ status: number; text: string }> {
    await nextMillisecond();
    const type = sent.contentType === undefined && body !== undefined ? 'application/json' : sent.contentType;
    const headers = {
      ...sent.headers,
      ...(typeof type === 'string' && { 'content-type': type }),
      ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }),
    };
    const { hostname, port } = this.#url;
    return await new Promise((resolve, reject) => {
      const outgoing = request({ hostname, port, method: sent.method, path: sent.path, headers, agent: this.#agent }, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
        incoming.on('error', reject);
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }

  /** Ids get numbers in the order in which they appear, times and invented names a word: the rest must be equal. */
  #normalize(value: unknown, key = ''): unknown {
    if (Array.isArray(value))
      return inOrder(
        value.map((item) => this.#normalize(item)),
        key,
      );
    if (typeof value === 'object' && value !== null) {
      const entries = Object.entries(value).filter(([name]) => name !== 'sqlstate' && name !== 'error_class');
      return Object.fromEntries(entries.map(([name, item]) => [name, this.#normalize(item, name)]).toSorted());
    }
    if (typeof value === 'number') return value > 1.6e12 && value < 2.5e12 && Number.isInteger(value) ? '<time>' : value;
    if (typeof value !== 'string') return value;
    if (key === 'next_page_token') return this.#normalizeText(pageOf(value));
    return key === 'message' ? this.#normalizeMessage(value) : this.#normalizeText(value);
  }

  #normalizeMessage(message: string): string {
    // Python prints sets in an order of the day, and some of these sentences lack their last quote.
    const sets = message.replaceAll(/\{('[^']*'(?:, '[^']*')*)\}'?/g, (_whole, items: string) => `{${items.split(', ').toSorted().join(', ')}}`);
    return this.#normalizeText(sets);
  }

  #normalizeText(text: string): string {
    return text
      .replaceAll(/\b(?:m-)?[0-9a-f]{32}\b/g, (id) => this.#label(id))
      .replaceAll(/\b[a-z]+-[a-z]+-(?:\d{1,3}|1000)\b/g, '<invented name>')
      .replaceAll(/\b(?:1[6-9]|2[0-4])\d{11}\b/g, '<time>');
  }

  #label(id: string): string {
    const known = this.#labels.get(id) ?? `<id ${this.#labels.size + 1}>`;
    this.#labels.set(id, known);
    return known;
  }
}

const mlflow = (path: string): string => (path.startsWith('/api/') || path.startsWith('/ajax-api/') ? path : `/api/2.0/mlflow${path}`);

/** What a token says, without the mark of its search that ours has and MLflow's has not. */
const pageOf = (token: string): string =>
  Buffer.from(token, 'base64')
    .toString()
    .replace(/, "search": "[\w-]{16}"\}$/, '}');

const parse = (text: string): unknown => {
  try {
    // One route of MLflow's answers with bare NaN, which is no JSON.
    return parseJson(text.replaceAll(/(?<=[:,[]\s*)NaN(?=\s*[,\]}])/g, '"NaN"'));
  } catch {
    return /^\s*<(?:!doctype|html)/i.test(text) ? '<page>' : text;
  }
};

/** Tags, params, metrics and datasets of a run come in no promised order; everything else does. */
const inOrder = (items: readonly unknown[], list: string): readonly unknown[] => {
  if (list === 'dataset_inputs' || list === 'dataset_summaries') return items.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  const keyOf = (item: unknown): string | undefined =>
    typeof item === 'object' && item !== null && 'key' in item && !('timestamp' in item && !('value' in item)) ? String(item.key) : undefined;
  const keys = items.map(keyOf);
  const isKeyed = keys.every((key) => key !== undefined) && new Set(keys).size === keys.length;
  return isKeyed ? items.toSorted((a, b) => ((keyOf(a) ?? '') < (keyOf(b) ?? '') ? -1 : 1)) : items;
};

/** A difference that we chose, and how it is recognised. */
export interface Difference {
  readonly reason: string;
  readonly request?: RegExp;
  readonly mlflow?: { readonly status?: number; readonly body?: RegExp };
  readonly ours?: { readonly status?: number; readonly body?: RegExp };
}

/** What differs although nobody chose it, in words. */
export const compareExchanges = (theirs: readonly Exchange[], ours: readonly Exchange[], differences: readonly Difference[]): readonly string[] =>
  theirs.flatMap((their, index) => {
    const our = ours[index];
    if (our === undefined) return [`${their.title} was not sent to ours`];
    const isChosen = (difference: Difference): boolean =>
      difference.request?.test(their.title) !== false && fits(their, difference.mlflow) && fits(our, difference.ours);
    return textOf(their) === textOf(our) || differences.some(isChosen) ? [] : [`${their.title}\n  mlflow ${textOf(their)}\n  ours   ${textOf(our)}`];
  });

const textOf = ({ status, body }: Exchange): string => `${status} ${writeJson(body)}`;

const fits = (exchange: Exchange, expected: Difference['mlflow']): boolean =>
  (expected?.status === undefined || expected.status === exchange.status) && expected?.body?.test(writeJson(exchange.body)) !== false;
