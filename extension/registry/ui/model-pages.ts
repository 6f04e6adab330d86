import * as vscode from 'vscode';

import { asStoreId, type StoreId } from '../../../schemas/ids.ts';
import { modelActions, type ModelAction, type RegisteredModelProtocol } from '../../../schemas/registered-model-page.ts';
import { executeCommand } from '../../host/commands.ts';
import { lineText } from '../../host/hostile-text.ts';
import type { PageType } from '../../host/manifest.ts';
import type { RestoredPages } from '../../host/restored-pages.ts';
import { createPage, type Page } from '../../host/page.ts';
import type { PageBehaviour } from '../../host/page-messages.ts';
import { createBatcher } from '../../shared/batcher.ts';
import { type Disposable, Disposables } from '../../shared/disposables.ts';
import { errorMessage, MlflowError } from '../../shared/errors.ts';
import type { Logger } from '../../shared/logger.ts';
import type { StoreConnection, StoreConnections } from '../../tracking/store-connection.ts';
import { readSignatures } from '../read-signatures.ts';
import { registryOf } from '../registry-of.ts';
import { watchRegistry } from '../watch-registry.ts';
import { filesOf } from './copy-versions.ts';
import { openSourceRun } from './open-source-run.ts';
import { readModelSnapshot } from './read-model.ts';
import { RegistryNodes } from './registry-nodes.ts';
import type { RegistryTree } from './registry-tree.ts';

const viewType = 'mlflow.registeredModel' satisfies PageType;

/** ms between two readings while a store changes all the time. */
const refreshInterval = 220;

/** Which model a page is about: restored after a restart. */
interface PageState {
  readonly store: string;
  readonly name: string;
  readonly filter: string;
}

export interface ModelPagesOptions {
  readonly stores: StoreConnections;
  readonly tree: RegistryTree;
  readonly extensionUri: vscode.Uri;
  readonly log: Logger;
}

export interface RegisteredModelPages extends RestoredPages {
  open(model: { readonly connection: { readonly id: StoreId }; readonly name: string }): void;
}

/** Opens the pages of registered models, and brings them back after a restart. */
export const createModelPages = (options: ModelPagesOptions): RegisteredModelPages => ({
  open: ({ connection, name }) => {
    const panel = vscode.window.createWebviewPanel(viewType, lineText(name, 80), vscode.ViewColumn.Active);
    fill(panel, { store: connection.id, name, filter: '' }, options);
  },
  restore: async (panel, state) => {
    await options.stores.found;
    const kept = readState(state);
    if (kept === undefined) panel.dispose();
    else fill(panel, kept, options);
  },
  dispose: () => {},
});

const readState = (state: unknown): PageState | undefined => {
  if (typeof state !== 'object' || state === null) return undefined;
  const { store, name, filter } = state as Partial<Record<keyof PageState, unknown>>;
  return typeof store === 'string' && typeof name === 'string' && typeof filter === 'string' ? { store, name, filter } : undefined;
};

const fill = (panel: vscode.WebviewPanel, state: PageState, options: ModelPagesOptions): void => {
  const { extensionUri, log } = options;
  createPage<RegisteredModelProtocol>({
    panel,
    extensionUri,
    bundle: 'registered-model',
    log,
    connect: (page) => {
      const session = new ModelSession(page, state, options);
      panel.onDidDispose(() => session.dispose());
      return session.behaviour;
    },
  });
};

/** One page: reads the model whenever its store's registry changes. */
class ModelSession implements Disposable {
  readonly #page: Page<RegisteredModelProtocol>;
  readonly #options: ModelPagesOptions;
  readonly #owned = new Disposables();
  readonly #readings = this.#owned.own(createBatcher<void>(refreshInterval, async () => this.#send()));
  #state: PageState;

  constructor(page: Page<RegisteredModelProtocol>, state: PageState, options: ModelPagesOptions) {
    this.#page = page;
    this.#state = state;
    this.#options = options;
    const connection = this.#connection();
    if (connection !== undefined) {
      this.#owned.own(connection.onDidChange(({ type }) => (type === 'registry' || type === 'reset') && this.#readings.add()));
      this.#owned.own(connection.onDidChangeState(() => this.#readings.add()));
      if (connection.address.kind === 'server') this.#owned.own(this.#watch(connection));
    }
  }

  get behaviour(): PageBehaviour<RegisteredModelProtocol> {
    return {
      requests: {
        filter: async ({ text }) => {
          this.#state = { ...this.#state, filter: text };
          this.#page.keep(this.#state);
          await this.#send();
          return null;
        },
        act: async ({ action }) => {
          await this.#act(action);
          return null;
        },
        signatures: async ({ versions }) => await readSignatures(filesOf(this.#openConnection()), this.#state.name, versions),
        showVersion: async ({ version }) => {
          await this.#options.tree.reveal(asStoreId(this.#state.store), this.#state.name, version);
          return null;
        },
        openRun: async ({ version }) => {
          const connection = this.#connection();
          if (connection !== undefined) await openSourceRun(connection, this.#state.name, version);
          return null;
        },
      },
      onReady: () => {
        this.#page.keep(this.#state);
        this.#readings.add();
      },
      onState: () => {},
    };
  }

  dispose(): void {
    this.#owned.dispose();
  }

  /** A plain server tells nothing by itself. */
  #watch(connection: StoreConnection): Disposable {
    const isLooking = (): boolean => this.#page.panel.visible && vscode.window.state.focused;
    return watchRegistry(registryOf(connection), { isLooking, onChange: () => this.#readings.add(), log: this.#options.log });
  }

  #connection(): StoreConnection | undefined {
    return this.#options.stores.byId(asStoreId(this.#state.store));
  }

  #openConnection(): StoreConnection {
    const connection = this.#connection();
    if (connection === undefined) throw new MlflowError('INVALID_STATE', `The store ${this.#state.store} is not open in this window`);
    return connection;
  }

  async #send(): Promise<void> {
    const { name, filter } = this.#state;
    try {
      const connection = this.#openConnection();
      this.#page.send('snapshot', await readModelSnapshot(connection, name, filter));
    } catch (error) {
      this.#page.send('failed', { message: errorMessage(error) });
    }
  }

  /** The same commands that the tree has, on the same kind of row. */
  async #act(action: ModelAction): Promise<void> {
    const connection = this.#connection();
    if (connection === undefined || !modelActions.includes(action)) return;
    await executeCommand(`mlflow.registry.${action}`, new RegistryNodes(connection).model(this.#state.name));
  }
}
