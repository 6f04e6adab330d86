import type { Disposable } from './disposables.ts';

export type Listener<T> = (event: T) => void;
/** Subscribe; the returned object unsubscribes. The same shape as `vscode.Event`. */
export type Event<T> = (listener: Listener<T>) => Disposable;

/** The part of `vscode.EventEmitter` that code without `vscode` needs. */
export class Emitter<T> implements Disposable {
  readonly #listeners = new Set<Listener<T>>();

  readonly event: Event<T> = (listener) => {
    const own: Listener<T> = (event) => listener(event);
    this.#listeners.add(own);
    return { dispose: () => this.#listeners.delete(own) };
  };

  get hasListeners(): boolean {
    return this.#listeners.size > 0;
  }

  fire(event: T): void {
    for (const listener of [...this.#listeners]) listener(event);
  }

  dispose(): void {
    this.#listeners.clear();
  }
}
