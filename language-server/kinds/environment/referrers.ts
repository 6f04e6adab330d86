import { readMlmodel } from '../../../schemas/mlmodel.ts';
import { readMlproject } from '../../../schemas/mlproject.ts';
import { folderOf, uriInside } from '../../project-path.ts';
import type { FileSystem } from '../../workspace.ts';

/** Projects keep their environments beside the MLproject file or a few folders below it. */
const maxLevels = 4;

export interface Referrer {
  readonly kind: 'project' | 'model';
  /** Of the MLproject or MLmodel file. */
  readonly uri: string;
  readonly folder: string;
}

/** The project or model that uses an environment file, by name or because it is the default. */
export const referrerOf = async (uri: string, files: FileSystem): Promise<Referrer | undefined> => {
  let folder = folderOf(uri);
  for (let level = 0; level < maxLevels; level += 1) {
    const found = await referrerIn(folder, uri, files);
    if (found !== undefined) return found;
    const parent = folderOf(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
  return undefined;
};

/** Relative `-r` files are looked for here. */
export const baseFolder = async (uri: string, files: FileSystem): Promise<string> => (await referrerOf(uri, files))?.folder ?? folderOf(uri);

const referrerIn = async (folder: string, uri: string, files: FileSystem): Promise<Referrer | undefined> => {
  const names = (await files.list(folder)).map(({ name }) => name);
  const project = names.find((name) => name.toLowerCase() === 'mlproject');
  if (project !== undefined && (await projectFiles(`${folder}/${project}`, folder, files)).includes(uri))
    return { kind: 'project', uri: `${folder}/${project}`, folder };
  if (!names.includes('MLmodel')) return undefined;
  return (await modelFiles(`${folder}/MLmodel`, folder, files)).includes(uri) ? { kind: 'model', uri: `${folder}/MLmodel`, folder } : undefined;
};

const projectFiles = async (project: string, folder: string, files: FileSystem): Promise<readonly (string | undefined)[]> => {
  const { environment } = readMlproject((await files.read(project)) ?? '').value;
  if (environment.kind === 'default') return [`${folder}/python_env.yaml`, `${folder}/conda.yaml`];
  return environment.kind === 'docker' ? [] : [uriInside(folder, environment.file)];
};

const modelFiles = async (model: string, folder: string, files: FileSystem): Promise<readonly (string | undefined)[]> => {
  const { flavors } = readMlmodel((await files.read(model)) ?? '').value;
  const paths = flavors.flatMap(({ environment }) => [environment?.conda, environment?.virtualenv]);
  return [`${folder}/python_env.yaml`, ...paths.map((path) => (path === undefined ? undefined : uriInside(folder, path)))];
};
