import type { LiveStore } from './live-store.ts';
import type { ScriptCache } from './python/script-cache.ts';

/** Files as the server sees them; where they lie is the business of whoever starts it. */
export interface FileSystem {
  /** Undefined when there is nothing, or nothing that may be seen. */
  kindOf(uri: string): Promise<'file' | 'folder' | undefined>;
  /** Undefined when the file cannot be read, or is too large to be a text that people write. */
  read(uri: string): Promise<string | undefined>;
  list(uri: string): Promise<readonly FolderEntry[]>;
}

export interface FolderEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder';
}

/** What the verbs may ask beyond the document itself. */
export interface Workspace {
  readonly files: FileSystem;
  readonly scripts: ScriptCache;
  readonly live: LiveStore;
}
