import { asExperimentId, asRunId } from '../../../schemas/ids.ts';
import type { AboutRuns, RunsPageState, RunsProtocol, RunsQuery } from '../../../schemas/runs-protocol.ts';
import type { StoreEvent } from '../../../schemas/workbench-api.ts';
import type { RunReference } from '../../host/commands.ts';
import type { Page } from '../../host/page.ts';
import type { PageBehaviour } from '../../host/page-messages.ts';
import { createBatcher } from '../../shared/batcher.ts';
import { type Disposable, Disposables } from '../../shared/disposables.ts';
import { errorMessage, MlflowError } from '../../shared/errors.ts';
import type { Logger } from '../../shared/logger.ts';
import { followStores } from '../follow-stores.ts';
import { saidDirections, sayDirection } from '../metric-directions.ts';
import { isRich, problemsOf, readGroups, readRows, readSomeRows, type RunsPlace } from '../read-run-rows.ts';
import { addressText, type StoreConnection, type StoreConnections } from '../store-connection.ts';
import type { Experiment, ViewType } from '../experiment.ts';
import { type Edit, editExperiment, type EditsChange, type ExperimentEdit, type PendingEdits } from '../pending-edits.ts';
import { toRowEdits } from '../row-edits.ts';
import { readExperiments } from '../runs-by-id.ts';
import type { Favourites } from './favourites.ts';
import type { RunsActions } from './runs-actions.ts';
import type { RunsViews } from './runs-views.ts';

interface SessionParts {
  readonly page: Page<RunsProtocol>;
  readonly stores: StoreConnections;
  readonly edits: PendingEdits;
  readonly favourites: Favourites;
  readonly views: RunsViews;
  readonly actions: RunsActions;
  readonly log: Logger;
  readonly state: RunsPageState;
}

/** ms between two tellings of what has changed. */
const changesInterval = 250;
/** ms between two tellings of what a person writes: a change of many is written one by one. */
const editsInterval = 100;
/** More runs than these are not named: the page reads what it shows again. */
const mostNamed = 500;

/** One open table: which runs it is about, and what it is told of them. */
export class RunsSession implements Disposable {
  readonly #parts: SessionParts;
  readonly #owned = new Disposables();
  readonly #changes = this.#owned.own(createBatcher<StoreEvent>(changesInterval, (events) => this.#tellChanges(events)));
  readonly #edits = this.#owned.own(createBatcher<EditsChange>(editsInterval, async (changes) => this.#tellEdits(changes)));
  #kept: unknown;
  /** Experiments of the store, as they were read. */
  #known: ReadonlyMap<string, Experiment> = new Map();
  #about: AboutRuns | undefined;
  /** A page that is not shown is thrown away: what it is told is lost, and it asks anew when it is back. */
  #isListening = false;

  readonly behaviour: PageBehaviour<RunsProtocol>;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#kept = parts.state.page;
    this.behaviour = { requests: this.#requests(), onReady: () => this.#start(), onState: (kept) => this.#keep(kept) };
    const { panel } = parts.page;
    this.#owned.own(followStores(parts.stores, (connection) => this.#follow(connection)));
    this.#owned.own(parts.edits.onDidChange((change) => change.storeId === this.#connection?.id && this.#edits.add(change)));
    this.#owned.own(parts.views.onDidChange(() => this.#sendViews()));
    this.#owned.own(parts.favourites.onDidChange(() => this.#sendStars()));
    this.#owned.own(panel.onDidDispose(() => this.dispose()));
    this.#owned.own(panel.onDidChangeViewState(({ webviewPanel }) => (this.#isListening &&= webviewPanel.visible)));
  }

  isAbout({ store, experimentIds }: RunsPageState): boolean {
    const { state } = this.#parts;
    return state.store === store && state.experimentIds.join() === experimentIds.join();
  }

  show(): void {
    this.#parts.page.panel.reveal();
  }

  dispose(): void {
    this.#isListening = false;
    this.#owned.dispose();
  }

  #requests(): PageBehaviour<RunsProtocol>['requests'] {
    const { actions, views } = this.#parts;
    const act = async (work: unknown): Promise<null> => (await work, null);
    return {
      rows: async (wanted, signal) => readRows(this.#place, wanted, signal),
      someRows: async ({ query, runIds }, signal) => this.#someRows(query, runIds, signal),
      groups: async (wanted, signal) => readGroups(this.#place, wanted, signal),
      facets: async ({ deleted }, signal) => {
        const { store, experimentIds } = this.#place;
        const viewType: ViewType = deleted ? 'DELETED_ONLY' : 'ACTIVE_ONLY';
        return await store.facets({ experimentIds, viewType }, signal);
      },
      checkFilter: async ({ filter }) => problemsOf(String(filter), this.#place.store),
      compare: async ({ runIds }) => act(actions.compare(this.#references(runIds))),
      deleteRuns: async ({ runIds }) => act(actions.deleteRuns(this.#references(runIds))),
      restoreRuns: async ({ runIds }) => act(actions.restoreRuns(this.#references(runIds))),
      setTag: async ({ runIds }) => act(actions.setTag(this.#references(runIds))),
      setColor: async ({ runIds, color }) => act(actions.setColor(this.#place.store, runIds.map(asRunId), color)),
      star: async ({ runIds, starred }) => act(actions.star(this.#place, runIds.map(asRunId), starred)),
      sayDirection: async (said) => act(sayDirection(this.#place.store.tracking, this.#place.experimentIds.map(asExperimentId), said)),
      askStep: async ({ key }) => actions.askStep(String(key)),
      openRun: async ({ runId }) => act(actions.openRun(this.#references([runId]))),
      copyIds: async ({ runIds }) => act(actions.copy(runIds.join('\n'))),
      copyRows: async ({ runIds, query }, signal) => act(actions.copyRows(this.#place, { query, runIds, experiments: this.#names }, signal)),
      exportRows: async ({ query, format, runIds }, signal) =>
        actions.exportRows(this.#place, { query, format, experiments: this.#names, ...(runIds !== undefined && { runIds }) }, signal),
      saveView: async ({ view, place }) => act(views.save(view, place, this.#place.store.folder)),
      removePrivateView: async ({ name }) => act(views.forget(String(name))),
      openViewAsText: async ({ file, line }) => act(views.openAsText(String(file), Number(line))),
    };
  }

  get #place(): RunsPlace {
    const store = this.#connection;
    const { state } = this.#parts;
    if (store === undefined) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `The store ${state.store} is not open in this window`);
    return { store, experimentIds: state.experimentIds };
  }

  get #connection(): StoreConnection | undefined {
    return this.#parts.stores.byAddress(this.#parts.state.store);
  }

  get #names(): ReadonlyMap<string, string> {
    return new Map(this.#about?.experiments.map(({ id, name }) => [id, name]));
  }

  #references(runIds: readonly string[]): readonly RunReference[] {
    const { store } = this.#place;
    return runIds.map((runId) => ({ storeId: store.id, runId: asRunId(String(runId)) }));
  }

  async #someRows(query: RunsQuery, runIds: readonly string[], signal: AbortSignal) {
    const place = this.#place;
    const readThese = readSomeRows(place, query, runIds.slice(0, mostNamed), signal);
    if (!isRich(place.store)) return { rows: await readThese, total: 0, totalIsKnown: false };
    const [rows, { total, totalIsKnown }] = await Promise.all([readThese, readRows(place, { query: { ...query, columns: [] }, offset: 0, limit: 1 }, signal)]);
    return { rows, total, totalIsKnown };
  }

  #start(): void {
    this.#isListening = true;
    this.#parts.page.keep(this.#state);
    this.#parts.page.send('restore', this.#kept ?? {});
    this.#sendViews();
    this.#tellEdits([]);
    void this.#sendAbout();
  }

  get #state(): RunsPageState {
    return { ...this.#parts.state, ...(this.#kept !== undefined && { page: this.#kept }) };
  }

  #keep(kept: unknown): void {
    this.#kept = kept;
    this.#parts.page.keep(this.#state);
  }

  #sendViews(): void {
    const { page, views, log } = this.#parts;
    if (!this.#isListening) return;
    views.read().then(
      (all) => page.send('views', all),
      (error: unknown) => log.warn(`Cannot read saved views: ${errorMessage(error)}`),
    );
  }

  #sendStars(): void {
    const store = this.#connection;
    if (store === undefined || !this.#isListening) return;
    const starred = this.#parts.favourites.of(store.id).flatMap(({ runId }) => runId ?? []);
    this.#parts.page.send('stars', starred);
  }

  /** What the page is about; while its store is opening nothing is said, and its state changes soon. */
  async #sendAbout(): Promise<void> {
    const { page, stores, state } = this.#parts;
    await stores.found;
    const store = this.#connection;
    if (!this.#isListening || store?.state.kind === 'opening') return;
    if (store === undefined) return page.send('failed', { message: `The store ${state.store} is not open in this window` });
    if (store.state.kind === 'failed') return page.send('failed', { message: `${store.label} cannot be read: ${store.state.message}` });
    try {
      const all = await readExperiments(store.tracking, undefined, 'ALL');
      this.#known = new Map(all.map((experiment) => [experiment.experimentId, experiment]));
      page.send('failed', null);
      this.#showAbout(store);
    } catch (error) {
      page.send('failed', { message: errorMessage(error) });
    }
  }

  #showAbout(store: StoreConnection): void {
    const { page, edits, state } = this.#parts;
    const known = state.experimentIds.flatMap((id) => this.#known.get(id) ?? []).map((experiment) => edits.experiment(store.id, experiment));
    const names = new Map<string, string>(known.map(({ experimentId, name }) => [experimentId, name]));
    this.#about = {
      experiments: state.experimentIds.map((id) => ({ id, name: names.get(id) ?? id })),
      directions: saidDirections(known),
      store: store.label,
      isRich: isRich(store),
      ...(store.state.kind === 'ready' && store.state.readOnlyReason !== undefined && { readOnlyReason: store.state.readOnlyReason }),
    };
    page.panel.title = titleOf(this.#about);
    page.send('about', this.#about);
    this.#sendStars();
  }

  #tellEdits(changes: readonly EditsChange[]): void {
    const { page, edits } = this.#parts;
    const store = this.#connection;
    if (store === undefined || !this.#isListening) return;
    const written = changes.filter(({ outcome }) => outcome === 'written').flatMap((change) => change.edits);
    page.send('edits', { pending: toRowEdits(edits.of(store.id)), written: toRowEdits(written) });
    if (!changes.some((change) => change.edits.some(isOfExperiment))) return;
    for (const edit of written.filter(isOfExperiment)) {
      const known = this.#known.get(edit.experimentId);
      if (known !== undefined) this.#known = new Map([...this.#known, [edit.experimentId, editExperiment(known, edit)]]);
    }
    this.#showAbout(store);
  }

  #follow(connection: StoreConnection): Disposable {
    const owned = new Disposables();
    if (addressText(connection.address) !== this.#parts.state.store) return owned;
    owned.own({ dispose: () => void this.#sendAbout() });
    owned.own(connection.onDidChangeState(() => void this.#sendAbout()));
    owned.own(connection.onDidChange((event) => this.#changes.add(event)));
    void this.#sendAbout();
    return owned;
  }

  async #tellChanges(events: readonly StoreEvent[]): Promise<void> {
    if (!this.#isListening) return;
    if (events.some(({ type }) => type === 'experiments')) await this.#sendAbout();
    if (events.some(({ type }) => type === 'reset')) return this.#parts.page.send('changed', {});
    const mine = new Set(this.#parts.state.experimentIds);
    const changed = events
      .flatMap((event) => (event.type === 'runs' || event.type === 'metrics' ? event.runs : []))
      .filter((run) => mine.has(run.experimentId));
    const runIds = [...new Set(changed.map(({ runId }) => runId))];
    if (runIds.length > 0) this.#parts.page.send('changed', runIds.length > mostNamed ? {} : { runIds });
  }
}

const isOfExperiment = (edit: Edit): edit is ExperimentEdit => edit.kind === 'experiment';

const titleOf = ({ experiments }: AboutRuns): string =>
  experiments.length === 1 ? `Runs: ${experiments[0]?.name ?? ''}` : `Runs of ${experiments.length} experiments`;
