import { imageSize } from 'image-size';

import { formatBytes, formatInteger } from '../../../../schemas/format.ts';
import { pictureTypes } from '../../../../schemas/picture-types.ts';
import type { ByteSource } from '../../../shared/readers/byte-source.ts';
import { openCsv } from './csv.ts';
import { decodeText, detectEncoding, encodingNote } from './encoding.ts';
import { parseLoose, readTable } from './json.ts';
import { readNotebook, type Notebook } from './notebook.ts';
import { readNpyHeader, type NpyArray } from './npy.ts';
import { openParquet } from '../../../shared/readers/parquet.ts';
import type { Table } from '../../../shared/readers/table.ts';

/** An artifact as it is shown beside the tree. */
export type Preview =
  | { readonly kind: 'table'; readonly table: Table }
  | { readonly kind: 'array'; readonly array: NpyArray }
  | { readonly kind: 'pdf'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'image'; readonly bytes: Uint8Array<ArrayBuffer>; readonly mediaType: string; readonly size: string }
  | { readonly kind: 'text' | 'markdown' | 'html'; readonly text: string; readonly notes: readonly string[] }
  | { readonly kind: 'notebook'; readonly notebook: Notebook }
  /** What is not shown here, and why; `opens` says what an editor of VS Code does with it. */
  | { readonly kind: 'none'; readonly message: string; readonly opens?: string };

/** Of a text this much is shown (bytes). */
const shownText = 256 * 1024;
/** JSON, HTML and notebooks are read as a whole, or shown as text; documents are not shown beyond it (bytes). */
const largestWhole = 16 * 1024 * 1024;
const largestImage = 32 * 1024 * 1024;
/** A browser takes 4 bytes of memory for each pixel. */
const mostPixels = 50_000_000;

const mediaTypes: Readonly<Record<string, string>> = { ...pictureTypes, ico: 'image/x-icon', avif: 'image/avif', svg: 'image/svg+xml' };

/** What VS Code's players take, and what is of their kind besides. */
const sounds = ['mp3', 'wav', 'ogg', 'oga'];
const films = ['mp4', 'webm'];
const unplayable = ['aac', 'flac', 'm4a', 'opus', 'wma', 'avi', 'm4v', 'mkv', 'mov', 'ogv'];

const extensionOf = (path: string): string => /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';

/** Rejects, in words, when the file is not what its name says, or cut off. */
export const openPreview = async (source: ByteSource, path: string, signal?: AbortSignal): Promise<Preview> => {
  const extension = extensionOf(path);
  if (source.size === 0) return { kind: 'none', message: 'The file is empty.' };
  if (mediaTypes[extension] !== undefined) return await openImage(source, mediaTypes[extension], signal);
  if (sounds.includes(extension)) return { kind: 'none', message: 'A recording.', opens: "VS Code's audio player plays it." };
  if (films.includes(extension)) return { kind: 'none', message: 'A video.', opens: "VS Code's video player plays it." };
  if (unplayable.includes(extension)) return { kind: 'none', message: 'A recording or a video of a kind that VS Code has no player for: download it.' };
  if (extension === 'pdf') return await openDocument(source, signal);
  if (extension === 'parquet') return { kind: 'table', table: await openParquet(source, signal) };
  if (extension === 'npy') return { kind: 'array', array: await readNpyHeader(source, signal) };
  if (extension === 'csv' || extension === 'tsv') return await openTable(source, path);
  if (extension === 'json' || extension === 'ipynb') return await openJson(source, extension, signal);
  if (extension === 'html' || extension === 'htm') return await openText(source, 'html', largestWhole, signal);
  return await openText(source, extension === 'md' || extension === 'markdown' ? 'markdown' : 'text', shownText, signal);
};

const openTable = async (source: ByteSource, path: string): Promise<Preview> => {
  const table = await openCsv(source, path);
  if (table !== undefined) return { kind: 'table', table };
  return { kind: 'none', message: `This is no text, although its name ends in .${extensionOf(path)}: it holds bytes that no text has.` };
};

const openDocument = async (source: ByteSource, signal?: AbortSignal): Promise<Preview> => {
  const { size = largestWhole } = source;
  if (size > largestWhole) return { kind: 'none', message: `The document is ${formatBytes(size)}: too large to be shown here. Download it.` };
  return { kind: 'pdf', bytes: await source.read(0, size, signal) };
};

const openImage = async (source: ByteSource, mediaType: string, signal?: AbortSignal): Promise<Preview> => {
  const head = await source.read(0, shownText, signal);
  const { size = head.length } = source;
  if (size > largestImage) return { kind: 'none', message: `The picture is ${formatBytes(size)}: too large to be shown here.` };
  const dimensions = dimensionsOf(head);
  if (dimensions === undefined) throw new Error('This is no picture, although its name says so, or it is cut off.');
  const { width, height } = dimensions;
  const text = `${formatInteger(width)} × ${formatInteger(height)}`;
  if (width * height > mostPixels)
    return { kind: 'none', message: `The picture has ${text} pixels: showing it would take ${formatBytes(width * height * 4)} of memory.` };
  const bytes = head.length < size ? await source.read(0, size, signal) : head;
  return { kind: 'image', bytes, mediaType, size: `${text} pixels, ${formatBytes(size)}` };
};

const dimensionsOf = (head: Uint8Array): { readonly width: number; readonly height: number } | undefined => {
  try {
    return imageSize(head);
  } catch {
    return undefined;
  }
};

const openText = async (source: ByteSource, kind: 'text' | 'markdown' | 'html', most: number, signal?: AbortSignal): Promise<Preview> => {
  const bytes = await source.read(0, Math.min(most, source.size ?? shownText), signal);
  const encoding = detectEncoding(bytes.subarray(0, shownText));
  if (encoding.kind === 'binary') return { kind: 'none', message: 'This is no text, and of no kind that is shown here.' };
  const isWhole = source.size !== undefined && bytes.length >= source.size;
  const part = isWhole ? undefined : `The first ${formatBytes(bytes.length)}${source.size === undefined ? '' : ` of ${formatBytes(source.size)}`} are shown.`;
  // Half a page is no page.
  const shown = kind === 'html' && !isWhole ? 'text' : kind;
  return { kind: shown, text: decodeText(bytes, encoding), notes: [part, encodingNote(encoding)].filter((note) => note !== undefined) };
};

const openJson = async (source: ByteSource, extension: string, signal?: AbortSignal): Promise<Preview> => {
  if (source.size === undefined || source.size > largestWhole) return await openText(source, 'text', shownText, signal);
  const preview = await openText(source, 'text', source.size, signal);
  if (preview.kind !== 'text') return preview;
  const json = readJson(preview.text);
  if (extension === 'ipynb' && json !== undefined) return { kind: 'notebook', notebook: readNotebook(json) };
  const table = readTable(json);
  if (table !== undefined) return { kind: 'table', table };
  const text = json === undefined ? preview.text : pretty(preview.text, json);
  const notes = [...preview.notes, ...(json === undefined ? ['The text is no JSON.'] : [])];
  if (text.length <= shownText) return { ...preview, text, notes };
  return { ...preview, text: text.slice(0, shownText), notes: [...notes, `The first ${formatBytes(shownText)} are shown.`] };
};

const readJson = (text: string): unknown => {
  try {
    return parseLoose(text);
  } catch {
    return undefined;
  }
};

/** What a program wrote in one line is laid out; what has lines is shown as it is. What is nested too deep cannot be written again. */
const pretty = (text: string, json: unknown): string => {
  if (text.trimEnd().includes('\n')) return text;
  try {
    return JSON.stringify(json, null, 2) ?? text;
  } catch {
    return text;
  }
};
