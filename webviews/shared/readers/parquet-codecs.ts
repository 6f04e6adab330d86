import { Decompress, decompress as decompressZstd } from 'fzstd';
import { decompressBrotli } from 'hyparquet-compressors/src/brotli.js';
import { gunzip } from 'hyparquet-compressors/src/gzip.js';
import { decompressLz4, decompressLz4Raw } from 'hyparquet-compressors/src/lz4.js';
import type { CompressionCodec } from 'hyparquet/src/types.js';

import { concatenate } from './byte-source.ts';
import { uncompressBeginning } from './snappy-beginning.ts';

/** Of whole pages. Hyparquet brings Snappy; the one of its companion is WebAssembly, which the page's policy forbids. */
export const compressors = {
  GZIP: (input: Uint8Array, length: number): Uint8Array => gunzip(input, new Uint8Array(length)),
  BROTLI: decompressBrotli,
  ZSTD: (input: Uint8Array): Uint8Array => decompressZstd(input),
  LZ4: decompressLz4,
  LZ4_RAW: decompressLz4Raw,
};

/** A codec of which a beginning can be read. */
export interface BeginningCodec {
  /** Bytes of a page that are read at least. */
  readonly leastRoom: number;
  /** What the beginning of a page holds, at most `most` bytes of it. */
  uncompress(input: Uint8Array<ArrayBuffer>, most: number): Uint8Array<ArrayBuffer>;
}

/** The blocks that are whole, of which a page has some. */
const uncompressZstd = (input: Uint8Array, most: number): Uint8Array<ArrayBuffer> => {
  const blocks: Uint8Array[] = [];
  let length = 0;
  const stream = new Decompress((block) => {
    if (length < most) blocks.push(block);
    length += block.length;
  });
  stream.push(input);
  return concatenate(blocks);
};

/** The reader throws where the input ends, and what it wrote until then is right, but of unknown length: what is the same on two grounds is it. */
const uncompressGzip = (input: Uint8Array, most: number): Uint8Array<ArrayBuffer> => {
  const output = inflateOnto(new Uint8Array(most), input);
  const other = inflateOnto(new Uint8Array(most).fill(255), input);
  let end = 0;
  while (end < most && output[end] === other[end]) end += 1;
  return output.subarray(0, end);
};

const inflateOnto = (output: Uint8Array<ArrayBuffer>, input: Uint8Array): Uint8Array<ArrayBuffer> => {
  try {
    gunzip(input, output);
  } catch {
    // The input is cut, or broken: who reads the whole learns which.
  }
  return output;
};

/** Zstandard's blocks have up to 128 kB. */
export const beginningCodecs: Readonly<Partial<Record<CompressionCodec, BeginningCodec>>> = {
  UNCOMPRESSED: { leastRoom: 16 * 1024, uncompress: (input) => input },
  SNAPPY: { leastRoom: 16 * 1024, uncompress: uncompressBeginning },
  GZIP: { leastRoom: 16 * 1024, uncompress: uncompressGzip },
  ZSTD: { leastRoom: 136 * 1024, uncompress: uncompressZstd },
};
