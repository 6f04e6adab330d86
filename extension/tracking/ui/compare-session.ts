import { isDeepStrictEqual } from 'node:util';

import type { PageLayout } from '../../../schemas/compare-layout.ts';
import { asExperimentId } from '../../../schemas/ids.ts';
import type { ComparedRun, ComparePageState, CompareProtocol, CompareSnapshot, RunDetails } from '../../../schemas/webview-protocol.ts';
import type { StoreEvent } from '../../../schemas/workbench-api.ts';
import type { Page } from '../../host/page.ts';
import type { PageBehaviour } from '../../host/page-messages.ts';
import { createBatcher } from '../../shared/batcher.ts';
import { type Disposable, Disposables } from '../../shared/disposables.ts';
import { errorMessage, MlflowError } from '../../shared/errors.ts';
import type { Logger } from '../../shared/logger.ts';
import { followStores } from '../follow-stores.ts';
import { readRunDetails } from '../run-details.ts';
import { sayDirection } from '../metric-directions.ts';
import { addressText, type StoreConnection, type StoreConnections } from '../store-connection.ts';
import type { RunPointer } from './find-runs.ts';
import type { LayoutDocument } from './layout-document.ts';
import { PageHistories } from './page-histories.ts';
import { PageRuns, type ComparedRuns } from './page-runs.ts';
import type { ReportPlaces } from './save-files.ts';

/** What a person can do from a page that needs the editor. */
export interface PageActions {
  /** Undefined when given up. */
  pickRuns(chosen: readonly RunPointer[]): Promise<readonly RunPointer[] | undefined>;
  saveLayout(layout: PageLayout, runs: PageRuns): Promise<void>;
  openRuns(runs: readonly RunPointer[]): Promise<void>;
  checkRuns(runs: readonly RunPointer[]): void;
  tagRuns(runs: readonly RunPointer[]): Promise<void>;
  openCommitDiff(from: string, to: string): Promise<void>;
  saveFile(name: string, data: string | ArrayBuffer): Promise<string | null>;
  copy(text: string): Promise<void>;
  readonly reports: ReportPlaces;
}

interface SessionParts {
  readonly page: Page<CompareProtocol>;
  readonly stores: StoreConnections;
  readonly actions: PageActions;
  readonly log: Logger;
  readonly runs: ComparedRuns;
  readonly view?: unknown;
  /** The file that the page is an editor of. */
  readonly document?: LayoutDocument;
}

const mostDetailed = 20;
/** ms between two snapshots while runs change all the time. */
const snapshotInterval = 200;
/** ms between two snapshots while only metrics grow. */
const valuesInterval = 2000;

/** One open page: which runs it compares, and what it is told of them. */
export class CompareSession implements Disposable {
  readonly #parts: SessionParts;
  readonly #runs: PageRuns;
  readonly #owned = new Disposables();
  readonly #histories = this.#owned.own(new PageHistories({ storeOf: (address) => this.#storeOf(address), among: (runIds) => this.#among(runIds) }));
  readonly #snapshots = this.#owned.own(createBatcher<'changed'>(snapshotInterval, () => this.#sendSnapshot()));
  /** Values in the table follow at their leisure: lines, which grow by themselves, are what is looked at. */
  readonly #values = this.#owned.own(createBatcher<'grown'>(valuesInterval, () => this.#sendSnapshot()));
  #view: unknown;
  /** Metrics that the page has heard of: a new one gets its card at once. */
  #knownKeys: ReadonlySet<string> = new Set();
  /** What the page was told last: one that is shown again has it at once, before the stores have answered. */
  #told: CompareSnapshot | undefined;
  /** What the page was told last may be old. */
  #isStale = true;
  /** A page that is opened is read for while it loads; one that is not shown is thrown away, and nothing is read for it until it is back. */
  #page: 'loading' | 'listening' | 'hidden' = 'loading';

  readonly behaviour: PageBehaviour<CompareProtocol>;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#view = parts.view;
    this.#runs = new PageRuns(parts.stores, parts.runs);
    this.behaviour = { requests: this.#requests(), onReady: (kept) => this.#start(kept), onState: (view) => this.#keepView(view) };
    this.#owned.own(followStores(parts.stores, (connection) => this.#follow(connection)));
    const { panel } = parts.page;
    this.#owned.own(panel.onDidDispose(() => this.dispose()));
    this.#owned.own(panel.onDidChangeViewState(({ webviewPanel }) => (this.#page = webviewPanel.visible ? this.#page : 'hidden')));
    if (parts.document !== undefined) this.#followDocument(parts.document);
    this.#showTitle();
  }

  /** More runs; everything else stays as it is. */
  async add(added: readonly RunPointer[]): Promise<void> {
    const known = new Set(this.#runs.all.map(({ runId }) => runId));
    await this.#setRuns([...this.#runs.all, ...added.filter(({ runId }) => !known.has(runId))]);
  }

  dispose(): void {
    this.#page = 'hidden';
    this.#owned.dispose();
  }

  #requests(): PageBehaviour<CompareProtocol>['requests'] {
    const { actions, document } = this.#parts;
    return {
      histories: (params, signal) => this.#histories.read(params, signal),
      knownHistories: async () => this.#histories.known,
      addRuns: async () => this.#pickRuns(),
      openRun: async ({ runId }) => (await actions.openRuns(this.#among([runId])), null),
      removeRun: async ({ runId }) => this.#setRuns(this.#runs.all.filter((run) => run.runId !== runId)),
      details: async ({ runIds }, signal) => this.#details(runIds, signal),
      openCommitDiff: async ({ from, to }) => (await actions.openCommitDiff(String(from), String(to)), null),
      checkRuns: async ({ runIds }) => (actions.checkRuns(this.#among(runIds)), null),
      tagRuns: async ({ runIds }) => (await actions.tagRuns(this.#among(runIds)), null),
      changeLayout: async ({ layout }) => (document?.change(({ cards: _, ...others }) => ({ ...others, ...layout })), null),
      saveLayout: async ({ layout }) => (await actions.saveLayout(layout, this.#runs), null),
      openLayoutAsText: async ({ line }) => (await document?.openAsText(Number(line)), null),
      saveFile: async ({ name, data }) => actions.saveFile(String(name), data),
      chooseReport: async () => actions.reports.choose(),
      writeReport: async ({ file, ...report }) => (await actions.reports.write(file, report), null),
      sayDirection: async (said) => this.#sayDirection(said),
      copy: async ({ text }) => (await actions.copy(String(text)), null),
    };
  }

  /** The editor of a file gets nothing back from VS Code but what the page itself has kept. */
  #start(kept: unknown): void {
    this.#page = 'listening';
    if (this.#parts.document !== undefined) this.#view ??= viewOf(kept);
    this.#parts.page.keep(this.#state);
    if (this.#view !== undefined) this.#parts.page.send('restore', this.#view);
    this.#sendLayout();
    if (this.#told !== undefined) this.#parts.page.send('snapshot', this.#told);
    if (this.#isStale || !this.#isToldOfChanges) this.#snapshots.add('changed');
  }

  get #state(): ComparePageState {
    const { all, source } = this.#runs;
    return { runs: all, view: this.#view, ...(source && { source }) };
  }

  #keepView(view: unknown): void {
    this.#view = view;
    this.#parts.page.keep(this.#state);
  }

  async #pickRuns(): Promise<null> {
    const runs = await this.#parts.actions.pickRuns(this.#runs.all);
    return runs === undefined ? null : await this.#setRuns(runs);
  }

  async #setRuns(runs: readonly RunPointer[]): Promise<null> {
    this.#runs.set(runs);
    this.#told = undefined;
    this.#isStale = true;
    this.#parts.document?.change((layout) => ({ ...layout, runs: this.#runs.asLayout }));
    this.#parts.page.keep(this.#state);
    this.#showTitle();
    await this.#sendSnapshot();
    return null;
  }

  #showTitle(): void {
    if (this.#parts.document !== undefined) return;
    const { length } = this.#runs.all;
    this.#parts.page.panel.title = length === 1 ? 'Compare 1 run' : `Compare ${length} runs`;
  }

  #followDocument(document: LayoutDocument): void {
    this.#owned.own(document);
    this.#runs.name(document.read().layout.runs ?? []);
    this.#owned.own(
      document.onDidChange(() => {
        this.#runs.name(document.read().layout.runs ?? []);
        this.#told = undefined;
        this.#sendLayout();
        this.#update();
      }),
    );
  }

  #sendLayout(): void {
    const { document, page } = this.#parts;
    if (document === undefined || this.#page !== 'listening') return;
    const { layout, problems } = document.read();
    page.send('layout', { file: document.name, problems, layout: { charts: layout.charts, ...(layout.cards && { cards: layout.cards }) } });
  }

  /** Of the runs of this page: a page is not trusted with others. */
  #among(runIds: readonly string[]): readonly RunPointer[] {
    const asked = new Set(runIds);
    return this.#runs.all.filter(({ runId }) => asked.has(runId));
  }

  async #details(runIds: readonly string[], signal: AbortSignal): Promise<readonly RunDetails[]> {
    const runs = this.#among(runIds).slice(0, mostDetailed);
    return await Promise.all(runs.map(async ({ store, runId }) => readRunDetails(this.#storeOf(store).artifacts, runId, signal)));
  }

  #storeOf(address: string): StoreConnection {
    const connection = this.#parts.stores.byAddress(address);
    if (connection === undefined) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `The store ${address} is not open in this window`);
    return connection;
  }

  async #sayDirection(said: CompareProtocol['requests']['sayDirection']['params']): Promise<null> {
    const snapshot = await this.#runs.read();
    const byStore = Map.groupBy(snapshot?.runs ?? [], ({ storeId }) => storeId);
    const say = async ([store, runs]: readonly [string, readonly ComparedRun[]]): Promise<void> =>
      sayDirection(this.#storeOf(store).tracking, [...new Set(runs.map(({ experimentId }) => asExperimentId(experimentId)))], said);
    await Promise.all([...byStore].map(say));
    await this.#sendSnapshot();
    return null;
  }

  /** With what is read now, or when the page is back. */
  #update(): void {
    this.#isStale = true;
    this.#snapshots.add('changed');
  }

  /** Servers elsewhere tell of what goes on only. */
  get #isToldOfChanges(): boolean {
    return this.#runs.all.every(({ store }) => this.#parts.stores.byAddress(store)?.address.kind !== 'server');
  }

  async #sendSnapshot(): Promise<void> {
    if (this.#page === 'hidden') return;
    const { page, log } = this.#parts;
    this.#isStale = false;
    try {
      const snapshot = await this.#runs.read();
      if (snapshot === undefined || isDeepStrictEqual(snapshot, this.#told)) return;
      if (this.#told === undefined) this.#histories.readAhead(snapshot, this.#view);
      this.#told = snapshot;
      this.#knownKeys = new Set(snapshot.metricKeys);
      if (this.#page !== 'listening') return;
      page.keep(this.#state);
      page.send('snapshot', snapshot);
    } catch (error) {
      log.warn(`Cannot read the runs to compare: ${errorMessage(error)}`);
      this.#told = undefined;
      this.#isStale = true;
      page.send('failed', { message: errorMessage(error) });
    }
  }

  #follow(connection: StoreConnection): Disposable {
    const owned = new Disposables();
    owned.own({ dispose: () => (this.#histories.clear(), this.#update()) });
    owned.own(connection.onDidChangeState(() => this.#update()));
    owned.own(connection.onDidChange((event) => this.#onEvent(addressText(connection.address), event)));
    this.#update();
    return owned;
  }

  #onEvent(store: string, event: StoreEvent): void {
    if (event.type === 'registry') return;
    // Also for a page that is hidden: it comes back, and asks anew.
    this.#histories.forget(store, event);
    const mine = new Set(this.#runs.all.filter((run) => run.store === store).map(({ runId }) => runId));
    if (mine.size === 0) return;
    if (event.type !== 'runs' && event.type !== 'metrics') return this.#update();
    const runs = event.runs.filter(({ runId }) => mine.has(runId));
    if (runs.length === 0) return;
    if (event.type === 'metrics' && this.#page === 'listening') return this.#onMetrics(event.runs.filter(({ runId }) => mine.has(runId)));
    this.#update();
  }

  #onMetrics(grown: readonly { readonly runId: string; readonly keys: readonly string[] }[]): void {
    this.#isStale = true;
    const isKnown = grown.every(({ keys }) => keys.every((key) => this.#knownKeys.has(key)));
    if (isKnown) this.#values.add('grown');
    else this.#snapshots.add('changed');
    this.#parts.page.send(
      'metricsChanged',
      grown.map(({ runId, keys }) => ({ runId, keys })),
    );
  }
}

const viewOf = (kept: unknown): unknown => (typeof kept === 'object' && kept !== null && 'view' in kept ? kept.view : undefined);
