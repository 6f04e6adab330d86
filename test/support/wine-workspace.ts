import { cp } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { runQuietly } from '../../scripts/programs.ts';
import { repository } from '../../scripts/tools.ts';
import type { Editor } from './code-server.ts';
import { pythonPath } from './python.ts';

const example = join(repository, 'examples', 'wine-quality');
const isStore = (path: string): boolean => /^(mlflow\.db|mlruns|mlartifacts|__pycache__|\.)/.test(basename(path));

/** A copy of the example without its store. */
export const newWineFolder = async (editor: Editor, name = 'wine-quality'): Promise<string> => {
  const folder = await editor.newFolder(name);
  await cp(example, folder, { recursive: true, filter: (source) => source === example || !isStore(source) });
  return folder;
};

/** The example with an `mlflow.db` in which Python's mlflow has logged the runs `slow`, `steady` and `quick`. */
export const newWineWorkspace = async (editor: Editor, name?: string): Promise<string> => {
  const folder = await newWineFolder(editor, name);
  const env = { ...process.env, MLFLOW_TRACKING_URI: `sqlite:///${join(folder, 'mlflow.db')}`, PYTHONDONTWRITEBYTECODE: '1' };
  await runQuietly(pythonPath(), [join(repository, 'test', 'support', 'three_runs.py')], { cwd: folder, env });
  return folder;
};
