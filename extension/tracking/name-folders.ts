/** Experiments, and models of old, whose names have `/` are shown in folders. */
export interface Named {
  readonly name: string;
}

/** Folders and items directly below one folder; the root is the empty path. */
export interface FolderContent<Item extends Named> {
  readonly folders: readonly string[];
  /** In the order in which they came. */
  readonly items: readonly Item[];
}

const segmentsOf = (name: string): readonly string[] => name.split('/').filter((segment) => segment.trim() !== '');

/** The folder's path as text: segments joined by `/`. */
export const folderOf = (name: string): string => segmentsOf(name).slice(0, -1).join('/');

/** A name below its folder; a name of nothing but slashes stays whole. */
export const leafName = (name: string): string => segmentsOf(name).at(-1) ?? name;

export const parentFolder = (path: string): string => path.split('/').slice(0, -1).join('/');

export const isWithinFolder = (name: string, path: string): boolean => `${folderOf(name)}/`.startsWith(`${path}/`);

const names = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

export const byLeafName = (a: Named, b: Named): number => names.compare(leafName(a.name), leafName(b.name));

export const contentOf = <Item extends Named>(items: Iterable<Item>, path: string): FolderContent<Item> => {
  const folders = new Set<string>();
  const here: Item[] = [];
  for (const item of items) {
    const folder = folderOf(item.name);
    if (folder === path) here.push(item);
    else if (path === '' || folder.startsWith(`${path}/`)) folders.add(nextFolder(folder, path));
  }
  return { folders: [...folders].sort(names.compare), items: here };
};

const nextFolder = (folder: string, path: string): string => {
  const depth = path === '' ? 0 : path.split('/').length;
  return folder
    .split('/')
    .slice(0, depth + 1)
    .join('/');
};
