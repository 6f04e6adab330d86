import { inParts, likelyDetail, runsInRequest, runsPerRequest } from '../../../schemas/compare-detail.ts';
import { asRecord, texts } from '../../../schemas/compare-charts.ts';
import { readCards } from '../../../schemas/compare-layout.ts';
import { firstMetric } from '../../../schemas/metric-sections.ts';
import type { CompareSnapshot, KnownHistories } from '../../../schemas/webview-protocol.ts';
import type { HistoriesRequest, StoreEvent } from '../../../schemas/workbench-api.ts';
import type { Disposable } from '../../shared/disposables.ts';
import { HistoryCache } from '../history-cache.ts';
import type { StoreConnection } from '../store-connection.ts';
import type { RunPointer } from './find-runs.ts';

interface Surroundings {
  readonly storeOf: (address: string) => StoreConnection;
  /** Of the runs of the page: a page is not trusted with others. */
  readonly among: (runIds: readonly string[]) => readonly RunPointer[];
}

/** What is asked for again when the page is shown again is not more than this. */
const mostFirst = 8;

/** The histories of a page's runs, each read once; those of the card at its top are read before they are asked for. */
export class PageHistories implements Disposable {
  readonly #cache = new HistoryCache();
  readonly #surroundings: Surroundings;
  readonly #disposal = new AbortController();
  #firstMetric: string | undefined;
  /** What the card at the top needs. */
  #first: readonly HistoriesRequest[] = [];

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  async read(request: HistoriesRequest, signal: AbortSignal): Promise<readonly ArrayBuffer[]> {
    this.#note(request);
    return await Promise.all(
      this.#byStore(request).map(([store, wanted]) =>
        this.#cache.read(store, wanted, { load: async (abort) => this.#surroundings.storeOf(store).histories(wanted, abort), signal }),
      ),
    );
  }

  /** Of more than a few runs the store begins to read what the page will ask for while it begins to load. */
  readAhead({ runs, metricKeys }: CompareSnapshot, view: unknown): void {
    const { cards, hiddenRunIds } = asRecord(view);
    const shown = readCards(cards, [])?.flatMap((card) => (card.type === 'line' ? [card.metric] : []));
    const key = firstMetric(shown ?? metricKeys);
    this.#firstMetric = key;
    const hidden = new Set(texts(hiddenRunIds));
    const visible = runs.filter(({ runId }) => !hidden.has(runId));
    const buckets = likelyDetail(visible.length);
    if (key === undefined || buckets === undefined) return;
    const runIds = visible.flatMap(({ runId, metrics }) => (Object.hasOwn(metrics, key) ? [runId] : []));
    const requests = inParts(runIds, runsInRequest(runIds.length, runsPerRequest)).map((part) => ({ keys: [key], runIds: part, buckets }));
    // A store that fails now does so again when the page asks, which then tells it.
    for (const request of requests) this.read(request, this.#disposal.signal).catch(() => {});
  }

  /** What the card at the top needs, as far as it is there: a page that is shown again has its lines at once. */
  get known(): readonly KnownHistories[] {
    return this.#first.flatMap((request) => {
      const parts = this.#byStore(request).map(([store, wanted]) => this.#cache.known(store, wanted));
      const buffers = parts.flatMap((part) => part ?? []);
      return buffers.length < parts.length ? [] : [{ request, buffers }];
    });
  }

  forget(store: string, event: StoreEvent): void {
    if (event.type === 'metrics') this.#cache.forget(store, event.runs);
    else if (event.type !== 'experiments') this.clear();
  }

  clear(): void {
    this.#cache.clear();
  }

  dispose(): void {
    this.#disposal.abort();
  }

  #note(request: HistoriesRequest): void {
    const { keys, buckets, window } = request;
    if (window !== undefined || this.#firstMetric === undefined || !keys.includes(this.#firstMetric)) return;
    const others = this.#first.filter((other) => other.buckets === buckets && other.runIds[0] !== request.runIds[0]);
    this.#first = [...others, request].slice(-mostFirst);
  }

  #byStore(request: HistoriesRequest): readonly (readonly [store: string, request: HistoriesRequest])[] {
    const byStore = Map.groupBy(this.#surroundings.among(request.runIds), ({ store }) => store);
    return [...byStore].map(([store, runs]) => [store, { ...request, runIds: runs.map(({ runId }) => runId) }]);
  }
}
