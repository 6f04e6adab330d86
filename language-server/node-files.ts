import { readdir, readFile, stat } from 'node:fs/promises';
import { URI } from 'vscode-uri';

import type { FileSystem, FolderEntry } from './workspace.ts';

/** Bytes above which a file is not read: it is data, not something that people write. */
const maxFileSize = 1_000_000;

/** Undefined for anything but a file on this machine. */
const pathOf = (uri: string): string | undefined => {
  const parsed = URI.parse(uri);
  return parsed.scheme === 'file' && parsed.authority === '' ? parsed.fsPath : undefined;
};

/** A file that cannot be reached is, for a language server, a file that is not there. */
const orUndefined = async <Result>(attempt: Promise<Result>): Promise<Result | undefined> => attempt.catch(() => undefined);

export const nodeFiles: FileSystem = {
  kindOf: async (uri) => {
    const path = pathOf(uri);
    const stats = path === undefined ? undefined : await orUndefined(stat(path));
    if (stats === undefined) return undefined;
    return stats.isDirectory() ? 'folder' : 'file';
  },
  read: async (uri) => {
    const path = pathOf(uri);
    const stats = path === undefined ? undefined : await orUndefined(stat(path));
    if (path === undefined || stats === undefined || !stats.isFile() || stats.size > maxFileSize) return undefined;
    return orUndefined(readFile(path, 'utf8'));
  },
  list: async (uri) => {
    const path = pathOf(uri);
    const entries = path === undefined ? undefined : await orUndefined(readdir(path, { withFileTypes: true }));
    return (entries ?? []).map((entry): FolderEntry => ({ name: entry.name, kind: entry.isDirectory() ? 'folder' : 'file' }));
  },
};
