import { effect, signal, type ReadonlySignal } from '@preact/signals';
import type { HistoriesRequest } from '../../../schemas/workbench-api.ts';
import { append, tailOf } from '../../shared/history-tail.ts';
import { readHistories, type Series } from '../../shared/histories.ts';
import type { RunPage } from '../page.ts';
import { summarize, type MetricSummary } from './metric-summary.ts';

/** Per bucket two points: as many as a sparkline has room for. */
const buckets = 32;
/** ms between two readings of what grows, so that a run that logs all the time is not read all the time. */
const growthInterval = 500;

/** The run's histories, down-sampled: all of them in one request when the tab is first looked at, then only where they grow. */
export class MetricHistories {
  readonly #page: RunPage;
  readonly #summaries = signal<ReadonlyMap<string, MetricSummary>>(new Map());
  readonly #failure = signal<string | undefined>(undefined);
  readonly #stale = new Set<string>();
  /** Of those, the ones whose growth is not at their end. */
  readonly #changed = new Set<string>();
  #isNeeded = false;
  #isReading = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(page: RunPage) {
    this.#page = page;
    page.host.on('metricsGrown', (keys) => this.#need(keys));
    let known: ReadonlySet<string> = new Set();
    effect(() => {
      const keys = page.run.value?.metrics.map(({ key }) => key) ?? [];
      const before = known;
      known = new Set(keys);
      this.#need(keys.filter((key) => !before.has(key)));
    });
  }

  /** By key; none while they are read for the first time. */
  get summaries(): ReadonlySignal<ReadonlyMap<string, MetricSummary>> {
    return this.#summaries;
  }

  get failure(): ReadonlySignal<string | undefined> {
    return this.#failure;
  }

  /** Somebody looks: nothing is read before. */
  look(): void {
    this.#isNeeded = true;
    void this.#read();
  }

  retry(): void {
    this.#failure.value = undefined;
    void this.#read();
  }

  #need(keys: readonly string[]): void {
    for (const key of keys) this.#stale.add(key);
    void this.#read();
  }

  async #read(): Promise<void> {
    if (!this.#isNeeded || this.#isReading || this.#timer !== undefined || this.#stale.size === 0 || this.#failure.peek() !== undefined) return;
    const keys = [...this.#stale];
    const grown = keys.filter((key) => !this.#changed.has(key) && (this.#summaries.peek().get(key)?.series.values.length ?? 0) > 0);
    const whole = keys.filter((key) => !grown.includes(key));
    this.#stale.clear();
    this.#changed.clear();
    this.#isReading = true;
    this.#timer = setTimeout(() => ((this.#timer = undefined), void this.#read()), growthInterval);
    try {
      await Promise.all([this.#readWhole(whole), this.#readTails(grown)]);
    } catch (error) {
      for (const key of keys) this.#stale.add(key);
      this.#failure.value = error instanceof Error ? error.message : String(error);
    } finally {
      this.#isReading = false;
      void this.#read();
    }
  }

  async #readWhole(keys: readonly string[]): Promise<void> {
    if (keys.length > 0) this.#show(await this.#request(keys));
  }

  /** Where the new points were not at the end, the history is read whole with the next round. */
  async #readTails(keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    const before = keys.flatMap((key) => this.#summaries.peek().get(key)?.series ?? []);
    const window = tailOf(before);
    const tails = new Map((await this.#request(keys, window)).map((tail) => [tail.key, tail]));
    const grown = before.map((series) => {
      const tail = tails.get(series.key);
      const longer = tail && append(series, { series: tail, from: window.from, buckets });
      return longer === series ? undefined : longer;
    });
    this.#show(grown.filter((series) => series !== undefined));
    for (const [index, series] of before.entries()) {
      if (grown[index] !== undefined) continue;
      this.#stale.add(series.key);
      this.#changed.add(series.key);
    }
  }

  async #request(keys: readonly string[], window?: HistoriesRequest['window']): Promise<readonly Series[]> {
    return readHistories(await this.#page.host.request('histories', { keys, buckets, ...(window && { window }) }));
  }

  #show(series: readonly Series[]): void {
    this.#summaries.value = new Map([...this.#summaries.peek(), ...series.map((one) => [one.key, summarize(one)] as const)]);
  }
}
