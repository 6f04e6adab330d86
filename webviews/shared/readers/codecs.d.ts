/** The parts of hyparquet-compressors by themselves: its index makes a module of WebAssembly as soon as it is loaded. */

declare module 'hyparquet-compressors/src/brotli.js' {
  export const decompressBrotli: (input: Uint8Array, length: number) => Uint8Array;
}

declare module 'hyparquet-compressors/src/gzip.js' {
  export const gunzip: (input: Uint8Array, output: Uint8Array) => Uint8Array;
}

declare module 'hyparquet-compressors/src/lz4.js' {
  export const decompressLz4: (input: Uint8Array, length: number) => Uint8Array;
  export const decompressLz4Raw: (input: Uint8Array, length: number) => Uint8Array;
}
