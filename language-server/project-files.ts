import { URI, Utils } from 'vscode-uri';

import { kindOf } from './kinds/kinds.ts';
import type { FileSystem, FolderEntry } from './workspace.ts';

/** Below these no project is written by hand. */
const skippedFolders = /^(?:\..*|node_modules|__pycache__|site-packages|venv|env|mlruns|mlartifacts|dist|build)$/;

/** Their presence tells of an environment, or of a model with the artifacts around it. */
const marksOfSkipped: ReadonlySet<string> = new Set(['pyvenv.cfg', 'conda-meta', 'MLmodel']);

const maxDepth = 12;
const maxFolders = 20_000;

/** The MLproject files below folders, by uri: artifacts, environments and hidden folders are passed by. */
export const findProjectFiles = async (folders: readonly string[], files: FileSystem): Promise<readonly string[]> => {
  const found = new Set<string>();
  let pending = [...folders];
  let left = maxFolders;
  for (let depth = 0; depth <= maxDepth && pending.length > 0 && left > 0; depth += 1) {
    const level = pending.slice(0, left);
    left -= level.length;
    const below: string[] = [];
    // One folder after the other: this goes on beside the typing.
    for (const folder of level) {
      const entries = await files.list(folder);
      if (entries.some(({ name }) => marksOfSkipped.has(name))) continue;
      below.push(...entries.filter(isEntered).map(({ name }) => childOf(folder, name)));
      for (const uri of entries.filter(({ kind }) => kind === 'file').map(({ name }) => childOf(folder, name))) {
        if (kindOf(uri)?.name === 'MLproject') found.add(uri);
      }
    }
    pending = below;
  }
  return [...found];
};

const isEntered = ({ name, kind }: FolderEntry): boolean => kind === 'folder' && !skippedFolders.test(name);

const childOf = (folder: string, name: string): string => Utils.joinPath(URI.parse(folder), name).toString();
