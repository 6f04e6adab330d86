import { asRunId, asStoreId } from '../../../schemas/ids.ts';
import type { RunPageState, RunProtocol } from '../../../schemas/run-protocol.ts';
import type { StoreEvent } from '../../../schemas/workbench-api.ts';
import type { RunReference } from '../../host/commands.ts';
import { lineText } from '../../host/hostile-text.ts';
import type { Page } from '../../host/page.ts';
import type { PageBehaviour } from '../../host/page-messages.ts';
import type { RunChange, RunPart } from '../../host/run-part.ts';
import { createBatcher } from '../../shared/batcher.ts';
import { type Disposable, Disposables } from '../../shared/disposables.ts';
import { errorMessage, MlflowError } from '../../shared/errors.ts';
import type { Logger } from '../../shared/logger.ts';
import { followStores } from '../follow-stores.ts';
import { editRun, type EditsChange, type PendingEdits } from '../pending-edits.ts';
import { readRunSurroundings, toShownRun } from '../read-run.ts';
import type { Run } from '../run.ts';
import { addressText, type StoreConnection, type StoreConnections } from '../store-connection.ts';
import { storeOf } from './tree-selection.ts';
import type { RunParts } from './run-parts.ts';
import { type RunActions, runRequests } from './run-requests.ts';
import { watchRun } from './watch-run.ts';

export interface RunSessionParts {
  readonly page: Page<RunProtocol>;
  readonly stores: StoreConnections;
  readonly edits: PendingEdits;
  readonly actions: RunActions;
  readonly parts: RunParts;
  readonly window: RunWindow;
  readonly log: Logger;
  readonly state: RunPageState;
}

/** What a page has to know of the window that it is in. */
export interface RunWindow {
  isTrusted(): boolean;
  /** Whether somebody looks at the window at all. */
  isFocused(): boolean;
}

/** ms between two readings while a run changes all the time. */
const runInterval = 200;
/** ms; names of other runs follow at their leisure. */
const surroundingsInterval = 2000;

/** One open page: reads its run whenever somebody has written into it. */
export class RunSession implements Disposable {
  readonly #options: RunSessionParts;
  readonly #run: RunReference;
  readonly #owned = new Disposables();
  readonly #readings = this.#owned.own(createBatcher<void>(runInterval, async () => this.#sendRun()));
  readonly #around = this.#owned.own(createBatcher<void>(surroundingsInterval, async () => this.#sendSurroundings()));
  readonly #parts: readonly RunPart<never>[];
  #view: unknown;
  #shown: Run | undefined;
  /** A page that is not shown is thrown away: what it is told is lost, and it asks anew when it is back. */
  #isListening = false;

  readonly behaviour: PageBehaviour<RunProtocol>;

  constructor(options: RunSessionParts) {
    const { page, state, stores, edits, parts } = options;
    this.#options = options;
    this.#view = state.view;
    this.#run = { storeId: asStoreId(state.store), runId: asRunId(state.runId) };
    const changed = (): void => (this.#readings.add(), this.#around.add());
    const onPage = { run: this.#run, changed, send: page.send };
    const [overview, metrics] = [this.#owned.own(parts.overview(onPage)), this.#owned.own(parts.metrics(onPage))];
    const artifacts = this.#owned.own(parts.artifacts(onPage));
    const [code, log] = [this.#owned.own(parts.code(onPage)), this.#owned.own(parts.log(onPage))];
    this.#parts = [overview, metrics, artifacts, code, log];
    const header = runRequests(this.#run, { stores, edits, actions: options.actions, changed });
    this.behaviour = {
      requests: { ...header, ...overview.requests, ...metrics.requests, ...artifacts.requests, ...code.requests, ...log.requests },
      onReady: () => this.#start(),
      onState: (view) => this.#keep(view),
    };
    this.#owned.own(followStores(stores, (connection) => this.#follow(connection)));
    this.#owned.own(edits.onDidChange((change) => this.#edit(change)));
    this.#owned.own(page.panel.onDidDispose(() => this.dispose()));
    this.#owned.own(page.panel.onDidChangeViewState(({ webviewPanel }) => (this.#isListening &&= webviewPanel.visible)));
  }

  isAbout({ storeId, runId }: RunReference): boolean {
    return this.#run.storeId === storeId && this.#run.runId === runId;
  }

  show(): void {
    this.#options.page.panel.reveal();
  }

  dispose(): void {
    this.#isListening = false;
    this.#owned.dispose();
  }

  #start(): void {
    this.#isListening = true;
    this.#shown = undefined;
    this.#options.page.keep(this.#state);
    this.#options.page.send('restore', this.#view ?? {});
    this.#readings.add();
  }

  get #state(): RunPageState {
    const { store, runId } = this.#options.state;
    return { store, runId, ...(this.#view !== undefined && { view: this.#view }) };
  }

  #keep(view: unknown): void {
    this.#view = view;
    this.#options.page.keep(this.#state);
  }

  /** While its store is opening nothing is said: its state changes soon. */
  async #sendRun(): Promise<void> {
    const { stores, page } = this.#options;
    await stores.found;
    const store = stores.byId(this.#run.storeId);
    if (!this.#isListening || store?.state.kind === 'opening') return;
    try {
      await this.#readFrom(readable(store, this.#run));
    } catch (error) {
      const isGone = error instanceof MlflowError && error.code === 'RESOURCE_DOES_NOT_EXIST';
      page.send('failed', { message: errorMessage(error), isGone });
    }
  }

  async #readFrom(store: StoreConnection): Promise<void> {
    const { page, window } = this.#options;
    const readOnlyReason = store.state.kind === 'ready' ? store.state.readOnlyReason : undefined;
    const run = await store.tracking.getRun(this.#run.runId);
    const isFirst = this.#shown === undefined;
    this.#shown = run;
    page.send('place', { store: store.label, isTrusted: window.isTrusted(), ...(readOnlyReason !== undefined && { readOnlyReason }) });
    this.#show(run);
    page.send('failed', null);
    if (isFirst) this.#around.add();
  }

  /** With what a person has just said of it. */
  #show(asRead: Run): void {
    const { page, edits } = this.#options;
    const run = edits.run(this.#run.storeId, asRead);
    page.panel.title = lineText(run.info.runName, 80) || run.info.runId.slice(0, 8);
    page.send('run', toShownRun(run, Date.now()));
  }

  #edit({ storeId, edits, outcome }: EditsChange): void {
    if (storeId !== this.#run.storeId || this.#shown === undefined || !this.#isListening) return;
    const mine = edits.filter((edit) => edit.kind === 'run').filter(({ runId }) => runId === this.#run.runId);
    if (mine.length === 0) return;
    if (outcome === 'written') this.#shown = mine.reduce(editRun, this.#shown);
    this.#show(this.#shown);
  }

  /** What is around the run may fail, and the run itself is there nevertheless. */
  async #sendSurroundings(): Promise<void> {
    const { page, stores, log } = this.#options;
    const run = this.#shown;
    if (run === undefined || !this.#isListening) return;
    try {
      page.send('surroundings', await readRunSurroundings(storeOf(stores, this.#run), run));
    } catch (error) {
      log.warn(`Cannot read what is around the run ${this.#run.runId}: ${errorMessage(error)}`);
    }
  }

  #follow(connection: StoreConnection): Disposable {
    const owned = new Disposables();
    if (addressText(connection.address) !== this.#options.state.store) return owned;
    owned.own({ dispose: () => this.#readings.add() });
    owned.own(connection.onDidChangeState(() => this.#readings.add()));
    owned.own(connection.onDidChange((event) => this.#onEvent(event)));
    if (connection.address.kind === 'server') owned.own(this.#watch(connection));
    this.#readings.add();
    return owned;
  }

  /** A plain server tells nothing by itself, and its newest runs are all that are looked at for all. */
  #watch(connection: StoreConnection): Disposable {
    const { page, window, log } = this.#options;
    return watchRun(async (signal) => connection.tracking.getRun(this.#run.runId, signal), {
      isLooking: () => this.#isListening && page.panel.visible && window.isFocused(),
      onChange: (change) => this.#tell(change),
      log,
    });
  }

  #onEvent(event: StoreEvent): void {
    switch (event.type) {
      case 'reset':
        this.#around.add();
        return this.#tell({ kind: 'run' });
      case 'experiments':
        return this.#around.add();
      case 'runs':
        if (event.runs.some(({ experimentId }) => experimentId === this.#shown?.info.experimentId)) this.#around.add();
        return event.runs.some(({ runId }) => runId === this.#run.runId) ? this.#tell({ kind: 'run' }) : undefined;
      case 'metrics': {
        const keys = event.runs.filter(({ runId }) => runId === this.#run.runId).flatMap((run) => run.keys);
        return keys.length > 0 ? this.#tell({ kind: 'metrics', keys }) : undefined;
      }
      case 'registry':
        return undefined;
      default:
        return event satisfies never;
    }
  }

  #tell(change: RunChange): void {
    this.#readings.add();
    for (const part of this.#parts) part.onChange?.(change);
  }
}

const readable = (store: StoreConnection | undefined, { storeId }: RunReference): StoreConnection => {
  if (store === undefined) throw new MlflowError('INVALID_STATE', `The store ${storeId} is not open in this window`);
  if (store.state.kind === 'failed') throw new MlflowError('TEMPORARILY_UNAVAILABLE', `${store.label} cannot be read: ${store.state.message}`);
  return store;
};
