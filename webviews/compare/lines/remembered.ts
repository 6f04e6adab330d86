/** Remembers for each key the last result and what it was made of, and makes it anew only when one of those has changed. */
export class Remembered<Value> {
  readonly #known = new Map<string, { readonly parts: readonly unknown[]; readonly value: Value }>();

  of(key: string, parts: readonly unknown[], make: () => Value): Value {
    const known = this.#known.get(key);
    if (known !== undefined && isSame(known.parts, parts)) return known.value;
    const value = make();
    this.#known.set(key, { parts, value });
    return value;
  }
}

const isSame = (left: readonly unknown[], right: readonly unknown[]): boolean =>
  left.length === right.length && left.every((part, at) => Object.is(part, right[at]));
