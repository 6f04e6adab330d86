import type { Experiment } from '../experiment.ts';

/** Folders and experiments directly below one folder; the root is the empty path. */
export interface FolderContent {
  readonly folders: readonly string[];
  readonly experiments: readonly Experiment[];
}

const segmentsOf = (name: string): readonly string[] => name.split('/').filter((segment) => segment.trim() !== '');

/** The folder's path as text: segments joined by `/`. */
const folderOf = (name: string): string => segmentsOf(name).slice(0, -1).join('/');

/** An experiment's name below its folder; a name of nothing but slashes stays whole. */
export const leafName = (name: string): string => segmentsOf(name).at(-1) ?? name;

export const parentFolder = (path: string): string => path.split('/').slice(0, -1).join('/');

export const folderOfExperiment = (experiment: Experiment): string => folderOf(experiment.name);

export const isWithinFolder = (experimentName: string, path: string): boolean => `${folderOf(experimentName)}/`.startsWith(`${path}/`);

const byName = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

export const contentOf = (experiments: Iterable<Experiment>, path: string): FolderContent => {
  const folders = new Set<string>();
  const here: Experiment[] = [];
  for (const experiment of experiments) {
    const folder = folderOf(experiment.name);
    if (folder === path) here.push(experiment);
    else if (path === '' || folder.startsWith(`${path}/`)) folders.add(nextFolder(folder, path));
  }
  return {
    folders: [...folders].sort(byName.compare),
    experiments: here.sort((a, b) => byName.compare(leafName(a.name), leafName(b.name))),
  };
};

const nextFolder = (folder: string, path: string): string => {
  const depth = path === '' ? 0 : path.split('/').length;
  return folder
    .split('/')
    .slice(0, depth + 1)
    .join('/');
};
