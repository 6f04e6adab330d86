export interface Disposable {
  dispose(): void;
}

/** Owns what its creator made; disposed in reverse order, once. */
export class Disposables implements Disposable {
  #owned: Disposable[] | undefined = [];

  own<T extends Disposable>(item: T): T {
    if (this.#owned === undefined) item.dispose();
    else this.#owned.push(item);
    return item;
  }

  dispose(): void {
    const owned = this.#owned;
    this.#owned = undefined;
    for (const item of owned?.toReversed() ?? []) item.dispose();
  }
}
