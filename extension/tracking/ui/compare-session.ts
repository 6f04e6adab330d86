import * as vscode from 'vscode';

import type { ComparePageState, CompareProtocol } from '../../../schemas/webview-protocol.ts';
import type { HistoriesRequest, StoreEvent } from '../../../schemas/workbench-api.ts';
import type { Page } from '../../host/page.ts';
import type { PageBehaviour } from '../../host/page-messages.ts';
import { createBatcher } from '../../shared/batcher.ts';
import { type Disposable, Disposables } from '../../shared/disposables.ts';
import { errorMessage, MlflowError } from '../../shared/errors.ts';
import type { Logger } from '../../shared/logger.ts';
import { followStores } from '../follow-stores.ts';
import { addressText, type StoreConnection, type StoreConnections } from '../store-connection.ts';
import { readSnapshot, type RunPointer } from './compare-runs.ts';

/** ms between two snapshots while runs change all the time. */
const snapshotInterval = 200;

/** One open page: which runs it compares, and what it is told of them. */
export class CompareSession implements Disposable {
  readonly #page: Page<CompareProtocol>;
  readonly #stores: StoreConnections;
  readonly #log: Logger;
  readonly #owned = new Disposables();
  readonly #snapshots = this.#owned.own(createBatcher<'changed'>(snapshotInterval, () => this.#sendSnapshot()));
  #runs: readonly RunPointer[];
  #view: unknown;
  /** A page that is not shown is thrown away: what it is told is lost, and it asks anew when it is back. */
  #isListening = false;

  readonly behaviour: PageBehaviour<CompareProtocol>;

  constructor(page: Page<CompareProtocol>, stores: StoreConnections, state: ComparePageState, log: Logger) {
    this.#page = page;
    this.#stores = stores;
    this.#log = log;
    this.#runs = state.runs;
    this.#view = state.view;
    this.behaviour = {
      requests: {
        histories: (params, signal) => this.#histories(params, signal),
        removeRun: async ({ runId }) => this.#removeRun(runId),
        copy: async ({ text }) => {
          await vscode.env.clipboard.writeText(String(text));
          return null;
        },
      },
      onReady: () => this.#start(),
      onState: (view) => this.#keepView(view),
    };
    this.#owned.own(followStores(stores, (connection) => this.#follow(connection)));
    this.#owned.own(page.panel.onDidDispose(() => this.dispose()));
    this.#owned.own(page.panel.onDidChangeViewState(({ webviewPanel }) => (this.#isListening &&= webviewPanel.visible)));
    this.#showTitle();
  }

  dispose(): void {
    this.#isListening = false;
    this.#owned.dispose();
  }

  #start(): void {
    this.#isListening = true;
    this.#page.keep(this.#state);
    if (this.#view !== undefined) this.#page.send('restore', this.#view);
    this.#snapshots.add('changed');
  }

  get #state(): ComparePageState {
    return { runs: this.#runs, view: this.#view };
  }

  #keepView(view: unknown): void {
    this.#view = view;
    this.#page.keep(this.#state);
  }

  async #removeRun(runId: string): Promise<null> {
    this.#runs = this.#runs.filter((run) => run.runId !== runId);
    this.#page.keep(this.#state);
    this.#showTitle();
    await this.#sendSnapshot();
    return null;
  }

  #showTitle(): void {
    this.#page.panel.title = this.#runs.length === 1 ? 'Compare 1 run' : `Compare ${this.#runs.length} runs`;
  }

  async #histories(request: HistoriesRequest, signal: AbortSignal): Promise<readonly ArrayBuffer[]> {
    const asked = new Set(request.runIds);
    const byStore = [
      ...Map.groupBy(
        this.#runs.filter(({ runId }) => asked.has(runId)),
        ({ store }) => store,
      ),
    ];
    return await Promise.all(byStore.map(([store, runs]) => this.#storeOf(store).histories({ ...request, runIds: runs.map(({ runId }) => runId) }, signal)));
  }

  #storeOf(address: string): StoreConnection {
    const connection = this.#stores.byAddress(address);
    if (connection === undefined) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `The store ${address} is not open in this window`);
    return connection;
  }

  async #sendSnapshot(): Promise<void> {
    try {
      await this.#stores.found;
      if (!this.#isListening || this.#isOpening()) return;
      this.#page.send('snapshot', await readSnapshot(this.#stores, this.#runs));
    } catch (error) {
      this.#log.warn(`Cannot read the runs to compare: ${errorMessage(error)}`);
      this.#page.send('failed', { message: errorMessage(error) });
    }
  }

  /** Its state changes soon, and with it the snapshot comes. */
  #isOpening(): boolean {
    return this.#connections().some(({ state }) => state.kind === 'opening');
  }

  #connections(): readonly StoreConnection[] {
    return [...new Set(this.#runs.map(({ store }) => store))].flatMap((store) => this.#stores.byAddress(store) ?? []);
  }

  #follow(connection: StoreConnection): Disposable {
    const owned = new Disposables();
    owned.own({ dispose: () => this.#snapshots.add('changed') });
    owned.own(connection.onDidChangeState(() => this.#snapshots.add('changed')));
    owned.own(connection.onDidChange((event) => this.#onEvent(addressText(connection.address), event)));
    this.#snapshots.add('changed');
    return owned;
  }

  #onEvent(store: string, event: StoreEvent): void {
    if (event.type === 'registry') return;
    const mine = new Set(this.#runs.filter((run) => run.store === store).map(({ runId }) => runId));
    if (mine.size === 0 || !this.#isListening) return;
    if (event.type !== 'runs' && event.type !== 'metrics') return this.#snapshots.add('changed');
    if (!event.runs.some(({ runId }) => mine.has(runId))) return;
    this.#snapshots.add('changed');
    if (event.type === 'metrics')
      this.#page.send(
        'metricsChanged',
        event.runs.filter(({ runId }) => mine.has(runId)).map(({ runId, keys }) => ({ runId, keys })),
      );
  }
}
