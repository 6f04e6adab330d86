import { childOf, folderOf } from '../../project-path.ts';
import type { FileSystem } from '../../workspace.ts';

export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
}

/** Virtual environments are looked for in the file's folder and in this many above it. */
const maxLevels = 4;

/** The packages of the virtual environment that is nearest to a file: `.venv` or `venv` in its folder or one above. */
export const installedPackages = async (uri: string, files: FileSystem): Promise<readonly InstalledPackage[]> => {
  let folder = folderOf(uri);
  for (let level = 0; level < maxLevels; level += 1) {
    for (const name of ['.venv', 'venv']) {
      const found = await packagesOf(childOf(folder, name), files);
      if (found.length > 0) return found;
    }
    const above = folderOf(folder);
    if (above === folder) return [];
    folder = above;
  }
  return [];
};

/** `lib/python3.12/site-packages`, or `Lib/site-packages` on Windows. */
const packagesOf = async (environment: string, files: FileSystem): Promise<readonly InstalledPackage[]> => {
  const pythons = (await files.list(`${environment}/lib`))
    .filter(({ name }) => name.startsWith('python'))
    .map(({ name }) => `${environment}/lib/${name}/site-packages`);
  const lists = await Promise.all([...pythons, `${environment}/Lib/site-packages`].map(async (folder) => files.list(folder)));
  return lists.flat().flatMap(({ name }) => readDistribution(name) ?? []);
};

/** `scikit_learn-1.9.1.dist-info` */
const readDistribution = (name: string): InstalledPackage | undefined => {
  const [, project, version] = /^(.+)-([^-]+)\.dist-info$/.exec(name) ?? [];
  return project === undefined || version === undefined ? undefined : { name: project.replaceAll('_', '-').toLowerCase(), version };
};
