import type { ArtifactEntry } from '../../../schemas/run-artifacts-protocol.ts';
import type { Folder } from './artifacts.ts';

/** Marks that turn what stands around them, so that `gpj.exe` would read as a picture. */
const direction = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

/** A line of the tree. */
export interface TreeRow {
  readonly path: string;
  readonly name: string;
  readonly isDirectory: boolean;
  /** Bytes. */
  readonly size?: number;
  /** From 1 on. */
  readonly level: number;
  readonly isExpanded: boolean;
  /** Among its siblings, from 1 on. */
  readonly position: number;
  readonly siblings: number;
  /** In place of entries: that they are being read, why they cannot be, or how many are left out. */
  readonly note?: string;
}

/** What is open, from top to bottom. A folder may be a thousand levels deep: this goes down without calling itself. */
export const toRows = (folders: ReadonlyMap<string, Folder>, expanded: ReadonlySet<string>): readonly TreeRow[] => {
  const rows: TreeRow[] = [];
  const pending: TreeRow[] = childrenOf('', 1, folders, expanded).toReversed();
  for (let row = pending.pop(); row !== undefined; row = pending.pop()) {
    rows.push(row);
    if (row.isExpanded) pending.push(...childrenOf(row.path, row.level + 1, folders, expanded).toReversed());
  }
  return rows;
};

const childrenOf = (path: string, level: number, folders: ReadonlyMap<string, Folder>, expanded: ReadonlySet<string>): readonly TreeRow[] => {
  const folder = folders.get(path);
  if (folder === undefined || folder.kind === 'loading') return level === 1 ? [] : [noteRow(path, level, 'Reading…')];
  if (folder.kind === 'unreadable') return level === 1 ? [] : [noteRow(path, level, folder.message)];
  const siblings = folder.entries.length;
  const rows = folder.entries.map((entry, index) =>
    toRow(entry, { level, position: index + 1, siblings, isExpanded: entry.isDirectory && expanded.has(entry.path) }),
  );
  if (folder.omitted > 0) return [...rows, noteRow(path, level, `${folder.omitted.toLocaleString('en-US')} more are not shown`)];
  return rows.length === 0 && level > 1 ? [noteRow(path, level, 'Empty')] : rows;
};

const toRow = ({ path, isDirectory, size }: ArtifactEntry, place: Pick<TreeRow, 'level' | 'position' | 'siblings' | 'isExpanded'>): TreeRow => ({
  path,
  name: path.slice(path.lastIndexOf('/') + 1).replaceAll(direction, ''),
  isDirectory,
  ...(size !== undefined && { size }),
  ...place,
});

const noteRow = (folder: string, level: number, note: string): TreeRow => ({
  path: `${folder}/`,
  name: note,
  isDirectory: false,
  level,
  isExpanded: false,
  position: 1,
  siblings: 1,
  note,
});
