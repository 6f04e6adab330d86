import Database from 'better-sqlite3';
import { copyFile, cp } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { runQuietly } from '../../scripts/programs.ts';
import { repository } from '../../scripts/tools.ts';
import type { Editor } from './code-server.ts';
import { provided } from './provided.ts';
import { pythonPath } from './python.ts';

const example = join(repository, 'examples', 'wine-quality');
const isStore = (path: string): boolean => /^(mlflow\.db|mlruns|mlartifacts|__pycache__|\.)/.test(basename(path));

/** A copy of the example without its store. */
export const newWineFolder = async (editor: Editor, name = 'wine-quality'): Promise<string> => {
  const folder = await editor.newFolder(name);
  await cp(example, folder, { recursive: true, filter: (source) => source === example || !isStore(source) });
  return folder;
};

/** Lets Python's mlflow log the runs `slow`, `steady` and `quick` into a new `mlflow.db`. */
export const logThreeRuns = async (folder: string): Promise<void> => {
  const env = { ...process.env, MLFLOW_TRACKING_URI: `sqlite:///${join(folder, 'mlflow.db')}`, PYTHONDONTWRITEBYTECODE: '1' };
  await runQuietly(pythonPath(), [join(repository, 'test', 'support', 'three_runs.py')], { cwd: folder, env });
};

/** The example with a store of three runs. All such stores are copies of one that Python's mlflow has made. */
export const newWineWorkspace = async (editor: Editor, name?: string): Promise<string> => {
  const folder = await newWineFolder(editor, name);
  const source = provided('MLFLOW_WORKBENCH_TEST_WINE_STORE');
  await copyFile(join(source, 'mlflow.db'), join(folder, 'mlflow.db'));
  moveArtifacts(join(folder, 'mlflow.db'), source, folder);
  return folder;
};

/** A store holds the absolute paths of its artifacts. */
const moveArtifacts = (file: string, from: string, to: string): void => {
  const database = new Database(file);
  database.prepare('UPDATE experiments SET artifact_location = replace(artifact_location, ?, ?)').run(from, to);
  database.prepare('UPDATE runs SET artifact_uri = replace(artifact_uri, ?, ?)').run(from, to);
  database.close();
};
