import { effect, signal, type ReadonlySignal } from '@preact/signals';
import type { ArtifactListing } from '../../../schemas/run-artifacts-protocol.ts';
import type { RunPage } from '../page.ts';
import { createByteSource, type ByteSource } from './readers/byte-source.ts';
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
  /** Reads the root, when it has not been read. */
  begin(): void;
  select(path: string): void;
  toggle(path: string, isExpanded: boolean): void;
  /** Reads all folders that are open again. */
  refresh(): void;
  source(path: string, size: number | undefined): ByteSource;
}

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
  effect(() => {
    const { path } = (page.kept.value['artifacts'] as { readonly path?: unknown }) ?? {};
    if (selected.peek() === undefined && typeof path === 'string') selected.value = path;
  });
  return {
    folders,
    expanded,
    selected,
    rows: () => toRows(folders.value, expanded.value),
    begin: () => open(''),
    select: (path) => {
      selected.value = path;
      page.keep('artifacts', { path });
    },
    toggle: (path, isExpanded) => {
      const next = new Set(expanded.peek());
      if (isExpanded) next.add(path);
      else next.delete(path);
      expanded.value = next;
      if (isExpanded) open(path);
    },
    refresh: () => {
      for (const path of ['', ...expanded.peek()]) void load(path);
    },
    source: (path, size) => createByteSource(async (range, abort) => await page.host.request('readArtifact', { path, ...range }, abort), size),
  };
};
