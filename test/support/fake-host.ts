/**
 * The extension's side of the compare page, in the page itself: `acquireVsCodeApi` of a test. It answers
 * by the host's own message code, from runs and histories that the test has given it.
 */
import { createAnswering, type Answering } from '../../extension/host/page-messages.ts';
import type { SaidDirections } from '../../schemas/metric-direction.ts';
import type { PageLayout } from '../../schemas/compare-layout.ts';
import type { CompareProtocol, ComparedRun, LayoutFromFile, RunDetails, ToHost, ToPage } from '../../schemas/webview-protocol.ts';
import { downSample, type Points } from './down-sample.ts';
import { encodeHistories } from './encode-histories.ts';

export interface FakeHistory {
  readonly runId: string;
  readonly key: string;
  readonly steps: readonly number[];
  readonly timestamps: readonly number[];
  readonly values: readonly number[];
}

export interface World {
  readonly runs: readonly ComparedRun[];
  readonly histories: readonly FakeHistory[];
  readonly missing?: readonly { readonly runId: string; readonly reason: string }[];
  readonly view?: unknown;
}

type HistoriesParams = CompareProtocol['requests']['histories']['params'];

/** What a store does when it is asked for histories. */
type Mood = 'answer' | 'fail' | 'hang';

const columns = ({ steps, timestamps, values }: FakeHistory): Points => ({
  steps: Float64Array.from(steps),
  timestamps: Float64Array.from(timestamps),
  values: Float64Array.from(values),
});
const nameOf = (runId: string, key: string): string => `${runId} ${key}`;

export class FakeHost {
  readonly historyRequests: HistoriesParams[] = [];
  readonly copied: string[] = [];
  readonly layouts: PageLayout[] = [];
  readonly openedLines: number[] = [];
  /** What else the host was asked to do, in words. */
  readonly calls: string[] = [];
  readonly details = new Map<string, RunDetails>();
  readonly files: CompareProtocol['requests']['saveFile']['params'][] = [];
  readonly reports: CompareProtocol['requests']['writeReport']['params'][] = [];
  readonly states: unknown[] = [];
  cancelled = 0;
  mood: Mood = 'answer';
  kept: unknown;
  #runs: readonly ComparedRun[] = [];
  #missing: World['missing'] = [];
  #view: unknown;
  #directions: SaidDirections = {};
  readonly #histories = new Map<string, Points>();
  #ready = false;
  readonly #answering: Answering;

  constructor() {
    const log = { debug: () => {}, info: () => {}, warn: (text: string) => console.warn(text), error: (text: string) => console.error(text) };
    this.#answering = createAnswering<CompareProtocol>(
      {
        requests: {
          histories: (params, signal) => this.#answerHistories(params, signal),
          knownHistories: async () => [],
          removeRun: async ({ runId }) => {
            this.setRuns(this.#runs.filter((run) => run.runId !== runId));
            return null;
          },
          openRun: async ({ runId }) => {
            this.calls.push(`open ${runId}`);
            return null;
          },
          addRuns: async () => null,
          changeLayout: async ({ layout }) => {
            this.layouts.push(layout);
            return null;
          },
          saveLayout: async ({ layout }) => {
            this.layouts.push(layout);
            return null;
          },
          openLayoutAsText: async ({ line }) => {
            this.openedLines.push(line);
            return null;
          },
          details: async ({ runIds }) => runIds.flatMap((runId) => this.details.get(runId) ?? []),
          openCommitDiff: async ({ from, to }) => {
            this.calls.push(`diff ${from} ${to}`);
            return null;
          },
          checkRuns: async ({ runIds }) => {
            this.calls.push(`check ${runIds.join(' ')}`);
            return null;
          },
          tagRuns: async ({ runIds }) => {
            this.calls.push(`tag ${runIds.join(' ')}`);
            return null;
          },
          saveFile: async (file) => {
            this.files.push(file);
            return file.name;
          },
          chooseReport: async () => ({ file: 'report', folder: 'report.files' }),
          writeReport: async (report) => {
            this.reports.push(report);
            return null;
          },
          sayDirection: async ({ key, direction }) => {
            this.#directions = { ...this.#directions, [key]: direction };
            this.#sendSnapshot();
            return null;
          },
          copy: async ({ text }) => {
            this.copied.push(text);
            return null;
          },
        },
        onReady: () => {
          this.#ready = true;
          this.#sendAll();
        },
        onState: (state) => {
          this.states.push(state);
          this.#post({ kind: 'keep', state: { runs: [], view: state } });
        },
      },
      (message) => this.#post(message),
      log,
    );
  }

  receive(message: ToHost): void {
    this.#answering.receive(structuredClone(message));
  }

  load({ runs, histories, missing = [], view }: World): void {
    for (const history of histories) this.#histories.set(nameOf(history.runId, history.key), columns(history));
    this.#missing = missing;
    this.#view = view;
    this.#runs = runs;
    if (this.#ready) this.#sendAll();
  }

  setRuns(runs: readonly ComparedRun[]): void {
    this.#runs = runs;
    this.#sendSnapshot();
  }

  /** What a training run does: more points, the newest value in the run, and word of it. */
  append(added: FakeHistory): void {
    const name = nameOf(added.runId, added.key);
    const before = this.#histories.get(name);
    const after = columns({
      ...added,
      steps: [...(before?.steps ?? []), ...added.steps],
      timestamps: [...(before?.timestamps ?? []), ...added.timestamps],
      values: [...(before?.values ?? []), ...added.values],
    });
    this.#histories.set(name, after);
    const isNewKey = before === undefined;
    const last = added.values.at(-1) ?? 0;
    this.#runs = this.#runs.map((run) => (run.runId === added.runId ? { ...run, metrics: { ...run.metrics, [added.key]: last } } : run));
    if (isNewKey) this.#sendSnapshot();
    this.#post({ kind: 'event', name: 'metricsChanged', payload: [{ runId: added.runId, keys: [added.key] }] });
  }

  sendLayout(layout: LayoutFromFile): void {
    this.#post({ kind: 'event', name: 'layout', payload: layout });
  }

  sendFailed(message: string): void {
    this.#post({ kind: 'event', name: 'failed', payload: { message } });
  }

  /** For tests that need many: histories that wander, each run in its own way. */
  loadMany(runCount: number, pointCount: number, keys: readonly string[]): void {
    const runs = Array.from({ length: runCount }, (_, index): ComparedRun => manyRun(index, keys));
    for (const [index, { runId }] of runs.entries()) for (const key of keys) this.#histories.set(nameOf(runId, key), wander(index, pointCount));
    this.#runs = runs;
    if (this.#ready) this.#sendAll();
  }

  #sendAll(): void {
    if (this.#view !== undefined) this.#post({ kind: 'event', name: 'restore', payload: this.#view });
    this.#sendSnapshot();
  }

  #sendSnapshot(): void {
    const metricKeys = [...new Set(this.#runs.flatMap(({ metrics }) => Object.keys(metrics)))].sort();
    this.#post({ kind: 'event', name: 'snapshot', payload: { runs: this.#runs, missing: this.#missing, metricKeys, directions: this.#directions, notes: [] } });
  }

  async #answerHistories(params: HistoriesParams, signal: AbortSignal): Promise<readonly ArrayBuffer[]> {
    this.historyRequests.push(params);
    signal.addEventListener('abort', () => this.cancelled++);
    if (this.mood === 'fail') throw new Error('The store does not answer');
    if (this.mood === 'hang') return await new Promise(() => {});
    return [encode(params, (runId, key) => this.#histories.get(nameOf(runId, key)))];
  }

  #post(message: ToPage): void {
    window.postMessage(structuredClone(message));
  }
}

const encode = ({ runIds, keys, buckets, window }: HistoriesParams, find: (runId: string, key: string) => Points | undefined): ArrayBuffer => {
  const series = runIds.flatMap((runId) =>
    keys.flatMap((key) => {
      const all = find(runId, key);
      if (all === undefined) return [];
      const { total, points } = downSample(all, buckets, window);
      return [{ runId, key, total, ...points }];
    }),
  );
  return encodeHistories(series);
};

const manyRun = (index: number, keys: readonly string[]): ComparedRun => ({
  storeId: 's',
  runId: index.toString(16).padStart(32, '0'),
  experimentId: '1',
  experimentName: 'many',
  name: `run-${index}`,
  status: 'FINISHED',
  startTime: 1_760_000_000_000,
  params: { lr: String(1 / (1 + (index % 50))), depth: String(index % 7), seed: String(index) },
  metrics: Object.fromEntries(keys.map((key) => [key, wander(index, 1).values[0] ?? 0])),
  tags: {},
  datasets: [],
});

const wander = (index: number, count: number): Points => {
  const values = new Float64Array(count);
  let seed = index + 1;
  for (let at = 0; at < count; at++) {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    values[at] = (1 + index / 500) * Math.exp((-3 * at) / count) + 0.05 * (seed / 2 ** 32);
  }
  const steps = Float64Array.from({ length: count }, (_, at) => at);
  return { steps, timestamps: steps.map((step) => 1_760_000_000_000 + step * 1000), values };
};

declare global {
  var fakeHost: FakeHost;
  /** VS Code gives every page this function; here it leads to the test's host. */
  var acquireVsCodeApi: () => { postMessage(message: ToHost): void; setState(state: unknown): void; getState(): unknown };
}

globalThis.fakeHost = new FakeHost();
globalThis.acquireVsCodeApi = () => ({
  postMessage: (message) => fakeHost.receive(message),
  setState: (state) => {
    fakeHost.kept = state;
  },
  getState: () => fakeHost.kept,
});
