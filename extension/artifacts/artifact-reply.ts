import type { FileHandle } from 'node:fs/promises';

import { pictureTypes } from '../../schemas/picture-types.ts';
import type { OpenArtifact } from './artifact-folder.ts';

const chunkSize = 256 * 1024;

/** Text as MLflow's server says it, so that its UI previews it. */
const textExtensions = new Set(
  'txt log err cfg conf cnf cf ini properties prop hocon toml yaml yml json py py3 csv tsv md rst ipynb MLmodel MLproject'.split(' '),
);

/** Only what a browser shows without running it; pages, scripts and SVG are bytes. */
const mediaTypes: Readonly<Record<string, string>> = {
  ...pictureTypes,
  pdf: 'application/pdf',
  zip: 'application/zip',
  gz: 'application/gzip',
  wav: 'audio/x-wav',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
};

export const mediaTypeOf = (name: string): string => {
  const extension = /\.([^.]*)$/.exec(name)?.[1] ?? name;
  if (textExtensions.has(extension)) return 'text/plain; charset=utf-8';
  return mediaTypes[extension.toLowerCase()] ?? 'application/octet-stream';
};

/** RFC 6266: a name for old clients, and the true one where it is not plain ASCII. */
const dispositionOf = (name: string): string => {
  const plain = name.normalize('NFKD').replaceAll(/[^\x20-\x7e]/g, '') || 'download';
  const quoted = `attachment; filename="${plain.replaceAll(/["\\]/g, '\\$&')}"`;
  return plain === name ? quoted : `${quoted}; filename*=UTF-8''${encodeURIComponent(name).replaceAll(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`)}`;
};

interface ByteRange {
  readonly start: number;
  /** Included. */
  readonly end: number;
}

/** One range of bytes; several, and what is none, cannot be satisfied. */
export const readRange = (header: string, size: number): ByteRange | undefined => {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header.trim()) ?? [];
  if (first === '' && last === '') return undefined;
  const start = first === '' ? Math.max(size - Number(last), 0) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  return start <= end ? { start, end } : undefined;
};

/** Streams a file, always as a download: shown in place, an artifact could run scripts in our origin. */
export const artifactReply = async (file: OpenArtifact, name: string, range: string | null): Promise<Response> => {
  const { handle, size } = file;
  const headers: Record<string, string> = {
    'content-type': mediaTypeOf(name),
    'content-disposition': dispositionOf(name),
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'",
    'accept-ranges': 'bytes',
  };
  const wanted = range === null ? { start: 0, end: size - 1 } : readRange(range, size);
  if (wanted === undefined) {
    await handle.close();
    return new Response(null, { status: 416, headers: { ...headers, 'content-range': `bytes */${size}` } });
  }
  headers['content-length'] = String(wanted.end - wanted.start + 1);
  if (range !== null) headers['content-range'] = `bytes ${wanted.start}-${wanted.end}/${size}`;
  return new Response(bytesOf(handle, wanted), { status: range === null ? 200 : 206, headers });
};

/** Fails, and so cuts the connection, when the file has become shorter: a short reply would look complete. */
export const bytesOf = (handle: FileHandle, { start, end }: ByteRange): ReadableStream<Uint8Array> => {
  let at = start;
  return new ReadableStream(
    {
      async pull(controller) {
        if (at > end) {
          await handle.close();
          controller.close();
          return;
        }
        const { bytesRead, buffer } = await handle.read(new Uint8Array(Math.min(chunkSize, end - at + 1)), 0, null, at);
        if (bytesRead === 0) {
          await handle.close();
          throw new Error('The file was cut while it was being sent');
        }
        at += bytesRead;
        controller.enqueue(buffer.subarray(0, bytesRead));
      },
      cancel: () => handle.close(),
    },
    { highWaterMark: 0 },
  );
};
