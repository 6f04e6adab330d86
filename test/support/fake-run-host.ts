/** Stands in for the extension host of the page Run, inside the page: remembers what it is asked, and writes what it is told to. */
import type { RunMetricsProtocol } from '../../schemas/run-metrics-protocol.ts';
import type { RunPlace, RunSurroundings, ShownRun } from '../../schemas/run-protocol.ts';
import type { ToHost, ToPage } from '../../schemas/webview-protocol.ts';
import { encodeHistories, type EncodedSeries } from './encode-histories.ts';

interface RunWorld {
  readonly run: ShownRun;
  readonly surroundings: RunSurroundings;
  readonly place: RunPlace;
  readonly restore?: unknown;
}

/** A history of a metric: a value per step, from 0 on. */
type FakeHistories = Readonly<Record<string, readonly number[]>>;

class FakeRunHost {
  readonly asked: { readonly method: string; readonly params: unknown }[] = [];
  readonly saved: unknown[] = [];
  /** Requests that fail, and with what. */
  readonly refusals = new Map<string, string>();
  histories: FakeHistories = {};
  /** Results of requests that only read, by their names. */
  readonly replies = new Map<string, unknown>([
    ['readCode', { patches: [] }],
    ['logSources', []],
  ]);
  /** Files of the run by their path; listings of folders, or answers in place of them, by theirs. */
  files: Readonly<Record<string, string>> = {};
  listings: Readonly<Record<string, unknown>> = {};
  #world: RunWorld | undefined;
  #ready = false;

  load(world: RunWorld, histories: FakeHistories): void {
    this.#world = world;
    this.histories = histories;
    this.#begin();
  }

  change(run: Partial<ShownRun>): void {
    if (this.#world === undefined) return;
    this.#world = { ...this.#world, run: { ...this.#world.run, ...run } };
    this.event('run', this.#world.run);
  }

  receive(message: ToHost): void {
    if (message.kind === 'state') this.saved.push(message.state);
    if (message.kind === 'ready') {
      this.#ready = true;
      this.#begin();
    }
    if (message.kind !== 'request') return;
    this.asked.push({ method: message.method, params: message.params });
    const refusal = this.refusals.get(message.method);
    if (refusal !== undefined) return this.#post({ kind: 'failure', id: message.id, message: refusal });
    this.#post({ kind: 'result', id: message.id, result: this.#answer(message.method, message.params as Record<string, never>) });
  }

  event(name: string, payload: unknown): void {
    this.#post({ kind: 'event', name, payload });
  }

  #answer(method: string, params: Record<string, never>): unknown {
    if (this.replies.has(method)) return this.replies.get(method);
    if (method === 'histories') return this.#encode(params as unknown as RunMetricsProtocol['requests']['histories']['params']);
    if (method === 'listArtifacts') return this.listings[String(params['path'])] ?? { kind: 'listed', entries: [], omitted: 0 };
    if (method === 'readArtifact') return this.#read(String(params['path']), Number(params['start']), Number(params['end']));
    if (method === 'setTag') this.#setTag(String(params['key']), String(params['value']));
    if (method === 'deleteTag') this.#setTag(String(params['key']), undefined);
    if (method === 'rename') this.change({ name: String(params['name']) });
    return null;
  }

  #read(path: string, start: number, end: number): { readonly bytes: ArrayBuffer; readonly size: number } {
    const bytes = new TextEncoder().encode(this.files[path] ?? '');
    return { bytes: bytes.slice(start, end).buffer, size: bytes.length };
  }

  #encode({ keys, window }: RunMetricsProtocol['requests']['histories']['params']): ArrayBuffer {
    const runId = this.#world?.run.runId ?? '';
    const from = window?.from ?? 0;
    return encodeHistories(keys.flatMap((key) => (this.histories[key] === undefined ? [] : [toSeries({ runId, key, from }, this.histories[key])])));
  }

  #setTag(key: string, value: string | undefined): void {
    const others = this.#world?.run.tags.filter((tag) => tag.key !== key) ?? [];
    this.change({ tags: value === undefined ? others : [...others, { key, value }] });
  }

  #begin(): void {
    if (this.#world === undefined || !this.#ready) return;
    const { run, surroundings, place, restore } = this.#world;
    this.event('restore', restore ?? {});
    this.event('place', place);
    this.event('run', run);
    this.event('surroundings', surroundings);
  }

  #post(message: ToPage): void {
    globalThis.postMessage(message, '*');
  }
}

interface Wanted {
  readonly runId: string;
  readonly key: string;
  /** The first step. */
  readonly from: number;
}

const toSeries = ({ runId, key, from }: Wanted, all: readonly number[]): EncodedSeries => {
  const values = all.slice(from);
  return {
    runId,
    key,
    total: values.length,
    steps: Float64Array.from(values, (_, index) => from + index),
    timestamps: Float64Array.from(values, (_, index) => 1_700_000_000_000 + (from + index) * 1000),
    values: Float64Array.from(values),
  };
};

declare global {
  var fakeRunHost: FakeRunHost;
}

globalThis.fakeRunHost = new FakeRunHost();
Object.assign(globalThis, {
  acquireVsCodeApi: () => ({ postMessage: (message: ToHost) => fakeRunHost.receive(message), setState: () => {}, getState: () => undefined }),
});
