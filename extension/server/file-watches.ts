import { watch, type FSWatcher } from 'node:fs';

import type { Disposable } from '../shared/disposables.ts';

/** Opens one watch of the system's; throws when there are none left. */
export type OpenWatch = (folder: string, onEvent: () => void) => Disposable;

const openSystemWatch: OpenWatch = (folder, onEvent) => {
  const watcher: FSWatcher = watch(folder, { persistent: false }, onEvent);
  // A folder that goes away ends its watch; the next look at the folder above finds out.
  watcher.on('error', () => watcher.close());
  return { dispose: () => watcher.close() };
};

/**
 * Watches of single folders: of few, since a system has not many and gives no sign when it leaves some out. When there are
 * no more, all are given back, and everything counts as changed at each look.
 */
export class FileWatches implements Disposable {
  readonly #open: OpenWatch;
  readonly #onExhausted: (reason: string) => void;
  readonly #watches = new Map<string, Disposable>();
  #changed = new Set<string>();
  #isExhausted = false;

  constructor(onExhausted: (reason: string) => void, open: OpenWatch = openSystemWatch) {
    this.#onExhausted = onExhausted;
    this.#open = open;
  }

  get isExhausted(): boolean {
    return this.#isExhausted;
  }

  /** Watches these folders and no others. */
  keep(folders: ReadonlySet<string>): void {
    for (const [folder, item] of this.#watches) {
      if (folders.has(folder)) continue;
      item.dispose();
      this.#watches.delete(folder);
    }
    for (const folder of folders) if (!this.#isExhausted && !this.#watches.has(folder)) this.#add(folder);
  }

  /** Folders in which something has happened since the last call. */
  takeChanged(): ReadonlySet<string> {
    const changed = this.#changed;
    this.#changed = new Set();
    return changed;
  }

  dispose(): void {
    for (const item of this.#watches.values()) item.dispose();
    this.#watches.clear();
  }

  #add(folder: string): void {
    try {
      this.#watches.set(
        folder,
        this.#open(folder, () => this.#changed.add(folder)),
      );
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      // It is gone already.
      if (code === 'ENOENT' || code === 'ENOTDIR') return;
      this.#isExhausted = true;
      this.dispose();
      this.#onExhausted(code);
    }
  }
}
