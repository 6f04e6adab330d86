import * as vscode from 'vscode';

import type { ModelProtocol } from '../../../schemas/model-page.ts';
import type { Page } from '../../host/page.ts';
import type { ModelVersion } from '../../registry/model-version.ts';
import { createRestRegistryStore } from '../../registry/rest-registry-store.ts';
import { watchRegistry } from '../../registry/watch-registry.ts';
import { createBatcher } from '../../shared/batcher.ts';
import { Disposables, type Disposable } from '../../shared/disposables.ts';
import { errorMessage } from '../../shared/errors.ts';
import type { Logger } from '../../shared/logger.ts';
import type { StoreConnection } from '../../tracking/store-connection.ts';
import { describeVersion, readVersionChanges } from '../registered-version.ts';

/** ms between two readings while a store changes all the time. */
const refreshInterval = 220;

export interface VersionSessionOptions {
  readonly page: Page<ModelProtocol>;
  readonly store: StoreConnection;
  /** The version that the page's address stands for now. */
  readonly find: (signal: AbortSignal) => Promise<ModelVersion>;
  /** The address stands for another version than it did: an alias has moved. */
  readonly onMoved: () => void;
  readonly log: Logger;
}

/** What a page says of a registered version: read again whenever its store's registry changes. */
export class VersionSession implements Disposable {
  readonly #options: VersionSessionOptions;
  readonly #owned = new Disposables();
  readonly #disposal = new AbortController();
  readonly #readings = this.#owned.own(createBatcher<void>(refreshInterval, async () => this.#readAgain()));
  #shown: ModelVersion | undefined;

  constructor(options: VersionSessionOptions) {
    this.#options = options;
    const { store } = options;
    this.#owned.own(store.onDidChange(({ type }) => (type === 'registry' || type === 'reset') && this.#readings.add()));
    if (store.address.kind === 'server') this.#owned.own(this.#watch());
  }

  async show(version: ModelVersion): Promise<void> {
    const { page, store } = this.#options;
    this.#shown = version;
    const { signal } = this.#disposal;
    page.send('version', await describeVersion(store, version, signal));
    page.send('changes', await readVersionChanges(store, version, signal));
  }

  dispose(): void {
    this.#disposal.abort();
    this.#owned.dispose();
  }

  /** A plain server tells nothing by itself. */
  #watch(): Disposable {
    const { page, store, log } = this.#options;
    const isLooking = (): boolean => page.panel.visible && vscode.window.state.focused;
    return watchRegistry(createRestRegistryStore(store.http), { isLooking, onChange: () => this.#readings.add(), log });
  }

  async #readAgain(): Promise<void> {
    const { find, onMoved, page } = this.#options;
    const before = this.#shown;
    if (before === undefined) return;
    try {
      const now = await find(this.#disposal.signal);
      if (now.name === before.name && now.version === before.version) await this.show(now);
      else onMoved();
    } catch (error) {
      if (!this.#disposal.signal.aborted) page.send('failed', { message: errorMessage(error) });
    }
  }
}
