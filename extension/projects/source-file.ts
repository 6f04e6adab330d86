import { isAbsolute, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a run's tags say of the file that it was started from. */
export interface SourceTags {
  /** `mlflow.source.name`: a script, a folder with `#` before a folder below it, or a git address with the same. */
  readonly name: string;
  readonly type?: string | undefined;
  readonly entryPoint?: string | undefined;
}

/** A repository as it is on this machine. */
export interface SourceTree {
  /** Absolute. */
  readonly root: string;
  /** Of the run's commit, relative to the root, with `/`. */
  readonly files: readonly string[];
  /** Folders from which a relative name may have been given. */
  readonly folders: readonly string[];
}

/** The path of a run's source in its repository: the script, or the MLproject file; undefined when the commit has neither. */
export const sourcePathIn = (tags: SourceTags, tree: SourceTree): string | undefined => {
  const known = new Set(tree.files);
  const found = candidates(tags, tree).find((path) => known.has(path));
  return found ?? onlyFileNamed(lastParts(tags), tree.files);
};

const candidates = (tags: SourceTags, tree: SourceTree): readonly string[] =>
  tags.type === 'PROJECT' ? projectCandidates(tags, tree) : scriptCandidates(tags.name, tree);

const scriptCandidates = (name: string, { root, folders }: SourceTree): readonly string[] => {
  const places = isAbsolute(name) ? [name] : [root, ...folders].map((folder) => resolve(folder, name));
  return places.flatMap((place) => pathBelow(root, place) ?? []);
};

/** An entry point is a script, or declared in the project's file. */
const projectCandidates = ({ name, entryPoint = 'main' }: SourceTags, { root }: SourceTree): readonly string[] => {
  const [place = '', below = ''] = name.split('#', 2);
  const folder = isAbsolute(place) || place.startsWith('file://') ? (pathBelow(root, localPath(place)) ?? '') : '';
  const at = [folder, below].filter((part) => part !== '').join('/');
  return [entryPoint, 'MLproject'].map((file) => (at === '' ? file : `${at}/${file}`));
};

const localPath = (place: string): string => (place.startsWith('file:///') ? fileURLToPath(place) : place.replace(/^file:\/\//, ''));

/** Undefined when it lies elsewhere; the root itself is empty. */
const pathBelow = (root: string, place: string): string | undefined => {
  const path = relative(root, place).replaceAll('\\', '/');
  return path === '..' || path.startsWith('../') || isAbsolute(path) ? undefined : path;
};

/** The repository may have been elsewhere when the run was made, and a script's folder is not told. */
const lastParts = ({ name, type }: SourceTags): string => (type === 'PROJECT' ? '' : name.replaceAll('\\', '/').replace(/^(?:[A-Za-z]:)?\/+|^(?:\.\/)+/, ''));

/** By the longest end of the path that some file has, if no other has it. */
const onlyFileNamed = (path: string, files: readonly string[]): string | undefined => {
  if (path === '' || path.includes('..')) return undefined;
  const parts = path.split('/');
  for (let at = 0; at < parts.length; at++) {
    const end = parts.slice(at).join('/');
    const found = files.filter((file) => file === end || file.endsWith(`/${end}`));
    if (found.length > 0) return found.length === 1 ? found[0] : undefined;
  }
  return undefined;
};
