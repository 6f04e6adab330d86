/**
 * The extension's side of the runs page, in the page itself. It answers by the host's own message code, from
 * runs that the test has given it, and knows of the search language no more than `<field> <operator> <value>`.
 */
import { createAnswering, type Answering } from '../../extension/host/page-messages.ts';
import type { ToHost, ToPage } from '../../schemas/webview-protocol.ts';
import { readColumn, type Column } from '../../schemas/runs-columns.ts';
import type { AboutRuns, GroupsReply, RowsReply, RunRow, RunsProtocol, RunsQuery, SavedView } from '../../schemas/runs-protocol.ts';
import type { FacetsReply, RunCell } from '../../schemas/workbench-api.ts';

export interface FakeRun {
  readonly runId: string;
  readonly name: string;
  readonly status?: string;
  readonly experimentId?: string;
  readonly startTime?: number;
  readonly parentRunId?: string;
  readonly deleted?: boolean;
  readonly color?: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly metrics?: Readonly<Record<string, number>>;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface RunsWorld {
  readonly runs: readonly FakeRun[];
  readonly about?: AboutRuns;
  readonly views?: readonly SavedView[];
  /** What the page kept before. */
  readonly kept?: unknown;
}

const plainAbout: AboutRuns = { experiments: [{ id: '1', name: 'wine' }], store: 'mlflow.db', isRich: true, directions: {} };

/** Each column is read once: the thread is the page's, whose frames are measured. */
const columns = new Map<string, Column | undefined>();

const columnOf = (id: string): Column | undefined => {
  if (!columns.has(id)) columns.set(id, readColumn(id));
  return columns.get(id);
};

const valueOf = (run: FakeRun, id: string): RunCell => {
  const column = columnOf(id);
  if (column === undefined || !('key' in column)) return null;
  if (column.kind === 'params' || column.kind === 'tags') return run[column.kind]?.[column.key] ?? null;
  if (column.kind === 'metrics') return run.metrics?.[column.key] ?? null;
  const attributes: Readonly<Record<string, RunCell>> = {
    status: run.status ?? 'FINISHED',
    start_time: run.startTime ?? 0,
    run_id: run.runId,
    duration: 90_000,
  };
  return attributes[column.key] ?? null;
};

const matches = (run: FakeRun, filter: string): boolean =>
  filter
    .split(/ AND /i)
    .filter((part) => part.trim() !== '')
    .every((part) => {
      const [, field = '', operator = '', text = ''] = /^\s*(\S+|\w+\.`[^`]*`)\s*(=|!=|<|>)\s*(.+?)\s*$/.exec(part) ?? [];
      if (operator === '') throw new Error(`Invalid filter: ${part}`);
      const value = valueOf(run, field);
      const wanted = text.replace(/^['"]|['"]$/g, '');
      if (operator === '<' || operator === '>') return value !== null && (operator === '<' ? Number(value) < Number(wanted) : Number(value) > Number(wanted));
      return (String(value) === wanted) === (operator === '=');
    });

const compare = (left: RunCell, right: RunCell): number => (left === right ? 0 : left === null ? 1 : right === null ? -1 : left < right ? -1 : 1);

export class FakeRunsHost {
  /** What the host was asked to do, in words. */
  readonly calls: string[] = [];
  readonly rowRequests: RunsProtocol['requests']['rows']['params'][] = [];
  readonly states: unknown[] = [];
  kept: unknown;
  mood: 'answer' | 'fail' | 'hang' = 'answer';
  #runs: readonly FakeRun[] = [];
  #about: AboutRuns = plainAbout;
  #views: readonly SavedView[] = [];
  readonly #stars = new Set<string>();
  #restore: unknown;
  #many: Many | undefined;
  #ready = false;
  #isLoaded = false;
  readonly #answering: Answering;

  constructor() {
    const log = { debug: () => {}, info: () => {}, warn: (text: string) => console.warn(text), error: (text: string) => console.error(text) };
    const act = (name: string) => async (params: unknown) => {
      this.calls.push(`${name} ${JSON.stringify(params)}`);
      return null;
    };
    this.#answering = createAnswering<RunsProtocol>(
      {
        requests: {
          rows: async (params, signal) => this.#rows(params, signal),
          someRows: async ({ query, runIds }) => {
            const matching = this.#matching(query);
            const rows = this.#runs.filter((run) => runIds.includes(run.runId) && this.#isOf(run, query)).map((run) => this.#row(run, query));
            return { rows, total: matching.length, totalIsKnown: true };
          },
          groups: async ({ query, by, offset, limit }) => this.#groups(query, by, offset, limit),
          facets: async () => ({ ...this.#facets(), notes: this.#about.isRich ? [] : ['Only the newest 5000 runs were looked at.'] }),
          checkFilter: async ({ filter }) => (/&&/.test(filter) ? [{ start: filter.indexOf('&&'), end: filter.indexOf('&&') + 2, message: 'Write AND' }] : []),
          compare: act('compare'),
          deleteRuns: async ({ runIds }) => {
            this.calls.push(`delete ${runIds.join(' ')}`);
            this.setRuns(
              this.#runs.map((run) => (runIds.includes(run.runId) ? { ...run, deleted: true } : run)),
              runIds,
            );
            return null;
          },
          restoreRuns: act('restore'),
          setTag: act('tag'),
          setColor: async ({ runIds, color }) => {
            this.calls.push(`color ${runIds.join(' ')} ${color}`);
            for (const runId of runIds) this.changeRun(runId, color === null ? {} : { color });
            return null;
          },
          star: async ({ runIds, starred }) => {
            for (const runId of runIds) this.#stars[starred ? 'add' : 'delete'](runId);
            this.#send('stars', [...this.#stars]);
            return null;
          },
          sayDirection: async ({ key, direction }) => {
            this.#about = { ...this.#about, directions: { ...this.#about.directions, [key]: direction } };
            this.#send('about', this.#about);
            return null;
          },
          askStep: async () => 100,
          openRun: act('openRun'),
          copyIds: act('copyIds'),
          copyRows: act('copyRows'),
          exportRows: async ({ format, runIds }) => {
            this.calls.push(`export ${format} ${runIds?.join(' ') ?? 'all'}`);
            return { file: `runs.${format}`, runs: runIds?.length ?? this.#runs.length };
          },
          saveView: act('saveView'),
          removePrivateView: act('removeView'),
          openViewAsText: act('openView'),
        },
        onReady: () => {
          this.#ready = true;
          this.#sendAll();
        },
        onState: (state) => void this.states.push(state),
      },
      (message) => this.#post(message),
      log,
    );
  }

  receive(message: ToHost): void {
    this.#answering.receive(structuredClone(message));
  }

  load({ runs, about = plainAbout, views = [], kept }: RunsWorld): void {
    this.#runs = runs;
    this.#about = about;
    this.#views = views;
    this.#restore = kept;
    this.#isLoaded = true;
    this.#sendAll();
  }

  /** For tests that need many: each is made when it is asked for, so that what is measured is the page. */
  loadMany(count: number, keys: number): void {
    this.#many = { count, keys: Array.from({ length: Math.ceil(keys / 2) }, (_, key) => `k${key}`) };
    this.load({ runs: [] });
  }

  /** Other runs than before, and word of those that changed. */
  setRuns(runs: readonly FakeRun[], changed?: readonly string[]): void {
    this.#runs = runs;
    this.#send('changed', changed === undefined ? {} : { runIds: changed });
  }

  changeRun(runId: string, change: Partial<FakeRun>): void {
    this.setRuns(
      this.#runs.map((run) => (run.runId === runId ? { ...run, ...change } : run)),
      [runId],
    );
  }

  addRun(run: FakeRun): void {
    this.setRuns([run, ...this.#runs], [run.runId]);
  }

  /** What a person has said and the store has not answered yet, and what it has taken. */
  sendEdits(edits: Partial<RunsProtocol['events']['edits']>): void {
    this.#send('edits', { pending: [], written: [], ...edits });
  }

  sendFailed(message: string | null): void {
    this.#send('failed', message === null ? null : { message });
  }

  #isOf(run: FakeRun, query: RunsQuery): boolean {
    const isWithin = (query.within ?? []).every(({ column, value }) => valueOf(run, column) === value);
    return (run.deleted === true) === query.deleted && isWithin && matches(run, query.filter);
  }

  #matching(query: RunsQuery): readonly FakeRun[] {
    const { nesting } = query;
    const all = this.#runs.filter((run) => this.#isOf(run, query));
    const ids = new Set(all.map(({ runId }) => runId));
    const isHere = ({ parentRunId = '' }: FakeRun): boolean => {
      if (nesting === 'all') return true;
      return nesting === 'top' ? !ids.has(parentRunId) : parentRunId === nesting.childrenOf;
    };
    const orders = query.orderBy.map((order) => ({ id: order.replace(/ (ASC|DESC)$/, ''), sign: order.endsWith(' DESC') ? -1 : 1 }));
    const order = (left: FakeRun, right: FakeRun): number => {
      for (const { id, sign } of orders) {
        const by = compare(valueOf(left, id), valueOf(right, id));
        if (by !== 0) return sign * by;
      }
      return (right.startTime ?? 0) - (left.startTime ?? 0);
    };
    return all.filter(isHere).toSorted(order);
  }

  #row(run: FakeRun, query: RunsQuery): RunRow {
    return {
      runId: run.runId,
      experimentId: run.experimentId ?? '1',
      name: run.name,
      status: run.status ?? 'FINISHED',
      lifecycleStage: run.deleted === true ? 'deleted' : 'active',
      startTime: run.startTime ?? 0,
      endTime: null,
      ...(run.parentRunId !== undefined && { parentRunId: run.parentRunId }),
      ...(run.color !== undefined && { color: run.color }),
      children: query.nesting === 'all' ? 0 : this.#runs.filter(({ parentRunId }) => parentRunId === run.runId).length,
      cells: query.columns.map((id) => valueOf(run, id)),
    };
  }

  async #rows(params: RunsProtocol['requests']['rows']['params'], signal: AbortSignal): Promise<RowsReply> {
    this.rowRequests.push(params);
    if (this.mood === 'hang') await new Promise((resolve) => signal.addEventListener('abort', resolve));
    if (this.mood === 'fail') throw new Error('The store does not answer');
    const { query, offset, limit, except = [] } = params;
    if (this.#many !== undefined) return this.#rowsOfMany(this.#many, params);
    const all = this.#matching(query).filter(({ runId }) => !except.includes(runId));
    const { isRich } = this.#about;
    const loaded = Math.min(all.length, offset + limit);
    return {
      total: isRich ? all.length : loaded,
      totalIsKnown: isRich || loaded === all.length,
      rows: all.slice(offset, offset + limit).map((run) => this.#row(run, query)),
      notes: [],
    };
  }

  #groups(query: RunsQuery, by: readonly string[], offset: number, limit: number): GroupsReply {
    const grouped = [...Map.groupBy(this.#matching({ ...query, nesting: 'all' }), (run) => JSON.stringify(by.map((id) => valueOf(run, id))))];
    const groups = grouped.map(([values, runs]) => ({
      values: JSON.parse(values) as (string | null)[],
      runs: runs.length,
      cells: query.columns.map((id) => statisticsOf(runs.map((run) => valueOf(run, id)).filter((value) => typeof value === 'number'))),
    }));
    return { total: groups.length, groups: groups.slice(offset, offset + limit), notes: [] };
  }

  #rowsOfMany(many: Many, { query, offset, limit }: RunsProtocol['requests']['rows']['params']): RowsReply {
    const indexes = Array.from({ length: Math.max(0, Math.min(limit, many.count - offset)) }, (_, index) => offset + index);
    const rowOf = (index: number): RunRow => {
      const run = runOfMany(index);
      return { ...this.#row(run, { ...query, columns: [] }), cells: query.columns.map((id) => cellOfMany(index, id) ?? valueOf(run, id)) };
    };
    return { total: many.count, totalIsKnown: true, rows: indexes.map(rowOf), notes: [] };
  }

  #facets(): FacetsReply {
    if (this.#many !== undefined) return facetsOfMany(this.#many);
    const runs = this.#runs.filter(({ deleted }) => deleted !== true);
    const keysOf = (kind: 'params' | 'tags' | 'metrics'): readonly string[] => [...new Set(runs.slice(0, 100).flatMap((run) => Object.keys(run[kind] ?? {})))];
    const keyed = (kind: 'params' | 'tags'): FacetsReply['params'] =>
      keysOf(kind).map((key) => {
        const values = Map.groupBy(
          runs.filter((run) => run[kind]?.[key] !== undefined),
          (run) => run[kind]?.[key] ?? '',
        );
        const counts = [...values].map(([value, some]) => ({ value, runs: some.length }));
        return { key, runs: counts.reduce((sum, { runs: count }) => sum + count, 0), distinct: counts.length, values: counts.slice(0, 20) };
      });
    const metrics = keysOf('metrics').map((key) => {
      const values = runs.flatMap((run) => run.metrics?.[key] ?? []);
      return {
        key,
        runs: values.length,
        min: values.reduce((least, value) => Math.min(least, value)),
        max: values.reduce((most, value) => Math.max(most, value)),
      };
    });
    const statuses = [...Map.groupBy(runs, ({ status = 'FINISHED' }) => status)].map(([status, some]) => ({ status, runs: some.length }));
    return { runs: runs.length, metrics, params: keyed('params'), tags: keyed('tags'), statuses, datasets: [] };
  }

  /** Once the page listens and there is something to tell. */
  #sendAll(): void {
    if (!this.#ready || !this.#isLoaded) return;
    if (this.#restore !== undefined) this.#send('restore', this.#restore);
    this.#send('views', this.#views);
    this.#send('about', this.#about);
  }

  #send(name: string, payload: unknown): void {
    this.#post({ kind: 'event', name, payload });
  }

  #post(message: ToPage): void {
    window.postMessage(message);
  }
}

interface Many {
  readonly count: number;
  /** Of params and of metrics alike. */
  readonly keys: readonly string[];
}

const runOfMany = (index: number): FakeRun => ({
  runId: index.toString(16).padStart(32, '0'),
  name: `run-${index}`,
  startTime: 1_760_000_000_000 - index * 1000,
});

/** Of a param or a metric `k7`; hundreds of them for each run would take the page's thread as long as the page does. */
const cellOfMany = (index: number, id: string): RunCell | undefined => {
  const column = columnOf(id);
  if (column?.kind === 'params') return String(index % 7);
  return column?.kind === 'metrics' ? (index * (Number(column.key.slice(1)) + 3)) % 1000 : undefined;
};

const facetsOfMany = ({ count, keys }: Many): FacetsReply => ({
  runs: count,
  metrics: keys.map((key) => ({ key, runs: count, min: 0, max: 999 })),
  params: keys.map((key) => ({ key, runs: count, distinct: 7, values: [{ value: '0', runs: count }] })),
  tags: [],
  statuses: [{ status: 'FINISHED', runs: count }],
  datasets: [],
});

const statisticsOf = (values: readonly number[]) => {
  const count = values.length;
  if (count === 0) return { count, mean: null, std: null, min: null, max: null };
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const std = count < 2 ? null : Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1));
  return { count, mean, std, min: Math.min(...values), max: Math.max(...values) };
};

declare global {
  var fakeRunsHost: FakeRunsHost;
}

globalThis.fakeRunsHost = new FakeRunsHost();
globalThis.acquireVsCodeApi = () => ({
  postMessage: (message) => fakeRunsHost.receive(message),
  setState: (state) => {
    fakeRunsHost.kept = state;
  },
  getState: () => fakeRunsHost.kept,
});
