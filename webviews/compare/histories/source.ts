import { batch as together, signal, type ReadonlySignal } from '@preact/signals';
import type { KnownHistories } from '../../../schemas/webview-protocol.ts';
import { readHistories, type Series } from '../../shared/histories.ts';
import { planBatches, type Batch, type HistoryQuery, type Need } from './plan.ts';
import { tailOf } from '../../shared/history-tail.ts';
import { canBeAppended, fail, nextCertainty, receive, receiveTails, retry, settleDoubts, type Entry, type Histories } from './entry.ts';

export type RequestHistories = (batch: Omit<Batch<unknown>, 'owners' | 'isTail'>, signal: AbortSignal) => Promise<readonly ArrayBuffer[]>;

export interface HistoryWatch {
  readonly histories: ReadonlySignal<Histories>;
  dispose(): void;
}

interface Loading {
  readonly batch: Batch<Entry>;
  readonly controller: AbortController;
}

/** What has come of a batch; nothing when it was given up. */
interface Answer {
  readonly batch: Batch<Entry>;
  readonly series?: readonly Series[];
  readonly error?: unknown;
}

/** A thousand runs are read in one round. */
const requestsAtOnce = 4;
/** ms that an answer waits for those that are asked for beside it: a thousand lines are made and painted once, not with each of them. */
const togetherWithin = 50;
/** ms; nobody waits longer for a line. */
const patience = 60_000;
class NoAnswer extends Error {
  constructor() {
    super('The store has not answered for a minute');
  }
}

/** Histories that nobody looks at any more, kept for a scroll or a zoom back. */
const keptEntries = 64;

/**
 * Histories as charts need them: asked together, cached by metric, detail and window, read again only
 * for runs that were added or have grown, and given up when nobody watches.
 */
export class HistorySource {
  readonly #entries = new Map<string, Entry>();
  readonly #loading = new Set<Loading>();
  #answers: Answer[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #doubtTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #request: RequestHistories;
  readonly #runsWith: (key: string) => readonly string[];
  #scheduled = false;

  constructor(request: RequestHistories, runsWith: (key: string) => readonly string[]) {
    this.#request = request;
    this.#runsWith = runsWith;
  }

  watch(query: HistoryQuery): HistoryWatch {
    const entry = this.#entryFor(query);
    entry.watchers += 1;
    if (entry.histories.peek().failure !== undefined) retry(entry);
    this.#updateLoading(entry);
    this.update();
    return { histories: entry.histories, dispose: () => this.#unwatch(entry) };
  }

  get isReading(): boolean {
    return this.#loading.size > 0 || this.#answers.length > 0;
  }

  /** What nobody has to ask for any more. */
  accept({ request: { keys, runIds, buckets }, buffers }: KnownHistories): void {
    const series = buffers.flatMap(readHistories);
    for (const key of keys) receive(this.#entryFor({ key, buckets }), { runIds }, series);
  }

  /** Reads what is missing; call it when the runs on the page have changed. */
  update(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#pump();
    });
  }

  invalidate(changes: readonly { readonly runId: string; readonly keys: readonly string[] }[]): void {
    for (const entry of this.#entries.values()) {
      const grown = changes.filter(({ keys }) => keys.includes(entry.query.key));
      for (const { runId } of grown) entry.stale.add(runId);
      if (grown.length > 0) retry(entry);
    }
    this.update();
  }

  retry(): void {
    for (const entry of this.#entries.values()) retry(entry);
    this.update();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#doubtTimer);
    for (const { controller } of this.#loading) controller.abort();
    this.#entries.clear();
  }

  #entryFor(query: HistoryQuery): Entry {
    const id = JSON.stringify([query.key, query.buckets, query.window]);
    const entry = this.#entries.get(id) ?? {
      query,
      histories: signal({ series: new Map(), loading: true }),
      watchers: 0,
      inFlight: new Set(),
      stale: new Set(),
      changed: new Set(),
      doubts: new Map(),
    };
    this.#entries.delete(id);
    this.#entries.set(id, entry);
    this.#forgetUnwatched();
    return entry;
  }

  #forgetUnwatched(): void {
    const unwatched = [...this.#entries].filter(([, entry]) => entry.watchers === 0);
    for (const [id] of unwatched.slice(0, Math.max(0, unwatched.length - keptEntries))) this.#entries.delete(id);
  }

  #unwatch(entry: Entry): void {
    entry.watchers -= 1;
    for (const { batch, controller } of this.#loading) {
      if (batch.owners.every((owner) => owner.watchers === 0)) controller.abort();
    }
  }

  #pump(): void {
    const watched = [...this.#entries.values()].filter((entry) => entry.watchers > 0);
    for (const batch of planBatches(watched.flatMap((entry) => this.#needsOf(entry)))) {
      if (this.#loading.size >= requestsAtOnce) break;
      void this.#load(batch);
    }
    for (const entry of watched) this.#updateLoading(entry);
  }

  /** What is not there yet, whole; and what has grown, only where it has. */
  #needsOf(entry: Entry): readonly Need<Entry>[] {
    const { series, failure } = entry.histories.peek();
    if (failure !== undefined) return [];
    const wanted = this.#runsWith(entry.query.key).filter((runId) => !entry.inFlight.has(runId) && (!series.has(runId) || entry.stale.has(runId)));
    const [tails, whole] = partition(wanted, (runId) => canBeAppended(entry, runId));
    const window = tailOf(tails.flatMap((runId) => series.get(runId) ?? []));
    return [
      { owner: entry, query: entry.query, runIds: whole },
      { owner: entry, query: { ...entry.query, window }, runIds: tails, isTail: true },
    ];
  }

  async #load(batch: Batch<Entry>): Promise<void> {
    const loading: Loading = { batch, controller: new AbortController() };
    this.#loading.add(loading);
    for (const { inFlight, stale, changed } of batch.owners) {
      for (const runId of batch.runIds) {
        inFlight.add(runId);
        stale.delete(runId);
        changed.delete(runId);
      }
    }
    const answer = { batch, ...(await this.#ask(loading)) };
    this.#answers.push(answer);
    this.#loading.delete(loading);
    if (this.#loading.size === 0) return this.#take();
    this.#timer ??= setTimeout(() => this.#take(), togetherWithin);
    this.#pump();
  }

  async #ask({ batch: { owners: _, isTail: __, ...request }, controller }: Loading): Promise<Omit<Answer, 'batch'>> {
    const timer = setTimeout(() => controller.abort(new NoAnswer()), patience);
    try {
      return { series: (await this.#request(request, controller.signal)).flatMap(readHistories) };
    } catch (error) {
      return controller.signal.aborted && !(error instanceof NoAnswer) ? {} : { error };
    } finally {
      clearTimeout(timer);
    }
  }

  #take(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const answers = this.#answers;
    this.#answers = [];
    together(() => {
      for (const { batch, series, error } of answers) {
        for (const owner of batch.owners) {
          if (series !== undefined) (batch.isTail ? receiveTails : receive)(owner, batch, series);
          if (error !== undefined) fail(owner, error);
          for (const runId of batch.runIds) owner.inFlight.delete(runId);
        }
      }
      this.#pump();
    });
    this.#settleLater();
  }

  #settleLater(): void {
    const at = nextCertainty(this.#entries.values());
    if (at === undefined) return;
    this.#doubtTimer ??= setTimeout(
      () => {
        this.#doubtTimer = undefined;
        for (const entry of this.#entries.values()) settleDoubts(entry, performance.now());
        this.update();
        this.#settleLater();
      },
      Math.max(0, at - performance.now()),
    );
  }

  #updateLoading(entry: Entry): void {
    const loading =
      [...entry.inFlight].some((runId) => !entry.histories.peek().series.has(runId)) ||
      this.#needsOf(entry).some(({ runIds, isTail }) => isTail !== true && runIds.length > 0);
    const histories = entry.histories.peek();
    if (histories.loading !== loading) entry.histories.value = { ...histories, loading };
  }
}

const partition = <Item>(items: readonly Item[], isFirst: (item: Item) => boolean): readonly [readonly Item[], readonly Item[]] => [
  items.filter(isFirst),
  items.filter((item) => !isFirst(item)),
];
