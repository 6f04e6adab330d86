import { signal, type ReadonlySignal } from '@preact/signals';
import { asRecord } from '../../../schemas/compare-charts.ts';
import type { ArtifactListing } from '../../../schemas/run-artifacts-protocol.ts';
import type { RunPage } from '../page.ts';
import { createByteSource, type ByteSource } from '../../shared/readers/byte-source.ts';
import { toRows, type TreeRow } from './tree-rows.ts';

export type Folder = ArtifactListing | { readonly kind: 'loading' };

/** The files of the run as the tab knows them: folders are read when somebody opens them. */
export interface Artifacts {
  readonly folders: ReadonlySignal<ReadonlyMap<string, Folder>>;
  readonly expanded: ReadonlySignal<ReadonlySet<string>>;
  /** The path that is looked at; undefined before anything was chosen. */
  readonly selected: ReadonlySignal<string | undefined>;
  /** What the tree shows, from top to bottom. */
  rows(): readonly TreeRow[];
  /** Reads the root, and folders that were open, when they have not been read. */
  begin(): void;
  select(path: string): void;
  toggle(path: string, isExpanded: boolean): void;
  /** Reads all folders that are open again. */
  refresh(): void;
  source(path: string, size: number | undefined): ByteSource;
}

/** The path of the folder that it is in; empty at the root. */
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** Open folders that are found open again. */
const mostKept = 200;

export const createArtifacts = (page: RunPage): Artifacts => {
  const folders = signal<ReadonlyMap<string, Folder>>(new Map());
  const expanded = signal<ReadonlySet<string>>(new Set());
  const selected = signal<string | undefined>(undefined);
  const put = (path: string, folder: Folder): void => void (folders.value = new Map(folders.peek()).set(path, folder));
  const load = async (path: string): Promise<void> => {
    if (!folders.peek().has(path)) put(path, { kind: 'loading' });
    try {
      put(path, await page.host.request('listArtifacts', { path }));
    } catch (error) {
      put(path, { kind: 'unreadable', message: error instanceof Error ? error.message : String(error), canAllow: false });
    }
  };
  const open = (path: string): void => {
    const known = folders.peek().get(path);
    if (known === undefined || known.kind === 'unreadable') void load(path);
  };
  const keep = (): void => page.keep('artifacts', { path: selected.peek(), expanded: [...expanded.peek()].slice(-mostKept) });
  /** What the page was looking at before it was hidden, or the window closed. */
  const restore = (): void => {
    const kept = asRecord(page.kept.peek()['artifacts']);
    if (typeof kept['path'] === 'string') selected.value = kept['path'];
    if (Array.isArray(kept['expanded'])) expanded.value = new Set(kept['expanded'].filter((path) => typeof path === 'string'));
  };
  return {
    folders,
    expanded,
    selected,
    rows: () => toRows(folders.value, expanded.value),
    begin: () => {
      if (folders.peek().size === 0) restore();
      // What is looked at is shown, too, where its folder is one too many to be kept open.
      for (const path of ['', folderOf(selected.peek() ?? ''), ...expanded.peek()]) open(path);
    },
    select: (path) => {
      selected.value = path;
      keep();
    },
    toggle: (path, isExpanded) => {
      const next = new Set(expanded.peek());
      if (isExpanded) next.add(path);
      else next.delete(path);
      expanded.value = next;
      keep();
      if (isExpanded) open(path);
    },
    refresh: () => {
      for (const path of ['', ...expanded.peek()]) void load(path);
    },
    source: (path, size) => createByteSource(async (range, abort) => await page.host.request('readArtifact', { path, ...range }, abort), size),
  };
};
