import { mostBytesPerRead, type ArtifactBytes } from '../../../schemas/run-artifacts-protocol.ts';

/** A file of which only the bytes are read that somebody looks at. */
export interface ByteSource {
  /** Bytes, as it was listed or as a read has told; unknown until then. */
  readonly size: number | undefined;
  /** Fewer than asked for where the file ends before. */
  read(start: number, end: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
}

export type ReadRange = (range: { readonly start: number; readonly end: number }, signal?: AbortSignal) => Promise<ArtifactBytes>;

/** Ranges of any length out of reads that are short enough for a message. */
export const createByteSource = (readRange: ReadRange, listedSize?: number): ByteSource => {
  let size = listedSize;
  const readOne = async (start: number, end: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> => {
    const part = await readRange({ start, end }, signal);
    size = part.size ?? size;
    return new Uint8Array(part.bytes);
  };
  return {
    get size() {
      return size;
    },
    read: async (start, wantedEnd, signal) => {
      const end = Math.min(wantedEnd, size ?? wantedEnd);
      if (end <= start) return new Uint8Array();
      if (end - start <= mostBytesPerRead) return await readOne(start, end, signal);
      const whole = new Uint8Array(end - start);
      for (let at = start; at < end; at += mostBytesPerRead) {
        const part = await readOne(at, Math.min(at + mostBytesPerRead, end), signal);
        whole.set(part, at - start);
        if (part.length < Math.min(mostBytesPerRead, end - at)) return whole.subarray(0, at - start + part.length);
      }
      return whole;
    },
  };
};

export const concatenate = (parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};
