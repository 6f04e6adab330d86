import { toInt64 } from './int64.ts';

declare global {
  interface JSON {
    /** TypeScript's library does not know the last argument of the function yet. */
    parse(text: string, reviver: (this: unknown, key: string, value: unknown, context: { readonly source?: string }) => unknown): unknown;
    rawJSON(text: string): object;
  }
}

/** Whether a text may hold an integer that a double cannot; fractions have as many digits, and are no reason to look at each value. */
const longNumber = /(?:^|[^\d.])\d{16}/;
const integer = /^-?\d+$/;

/** As `JSON.parse`, but integers beyond 2^53 are bigints: MLflow's timestamps and steps have 64 bits. */
export const parseJson = (text: string): unknown => {
  if (!longNumber.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_key, value, { source = '' }) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && integer.test(source) ? toInt64(BigInt(source)) : value,
  );
};

/** Text, or bytes of UTF-8. */
export type JsonPiece = string | Uint8Array;

/** A value that is JSON already. To make objects of it, for them to be written as JSON again, would take most of the time of a large reply. */
export class JsonBytes {
  /** Nobody else's: it can be given to another thread. */
  readonly buffer: ArrayBuffer;

  constructor(pieces: readonly JsonPiece[]) {
    const all = pieces.map((piece) => (typeof piece === 'string' ? encoder.encode(piece) : piece));
    const bytes = new Uint8Array(all.reduce((length, piece) => length + piece.length, 0));
    let at = 0;
    for (const piece of all) {
      bytes.set(piece, at);
      at += piece.length;
    }
    this.buffer = bytes.buffer;
  }
}

const encoder = new TextEncoder();

/** The body of a reply. */
export const jsonBody = (value: object): string | ArrayBuffer => (value instanceof JsonBytes ? value.buffer : writeJson(value));

/** As `JSON.stringify`; a bigint is written as the number that it is. */
export const writeJson = (value: unknown): string => {
  try {
    return JSON.stringify(value);
  } catch {
    // It knows no bigints; to look at each value costs several times as much, and they are rare.
    return JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? JSON.rawJSON(item.toString()) : item));
  }
};
