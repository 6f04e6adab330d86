import { join } from 'node:path';

import type { FileIndex } from '../tracking/file-index.ts';
import { isFolder, listFolder, stampOf } from '../tracking/file-io.ts';
import { metaFile, registryFolder } from '../tracking/file-layout.ts';

const foldersIn = (parent: string): readonly string[] =>
  listFolder(parent)
    .filter((entry) => isFolder(parent, entry))
    .map(({ name }) => join(parent, name));

const settled = (path: string): string => stampOf(path).replace(' unsettled', '');

/** What stands for registered models, their versions, and logged models: another text when one of them has changed. */
export const modelsFingerprint = ({ root, knownExperiments }: FileIndex): string => {
  const registered = foldersIn(join(root, registryFolder)).flatMap((folder) => [folder, join(folder, 'aliases'), ...foldersIn(folder)]);
  const logged = knownExperiments.flatMap(({ place }) => foldersIn(join(place.folder, 'models')));
  return [...registered, ...logged]
    .flatMap((folder) => [folder, join(folder, metaFile), join(folder, 'tags')].map((path) => `${path} ${settled(path)}`))
    .join('\n');
};
