import { posix } from 'node:path';
import * as vscode from 'vscode';

import type { ArtifactReference, RunReference } from '../../host/commands.ts';
import { lineText } from '../../host/hostile-text.ts';
import { MlflowError } from '../../shared/errors.ts';
import { parentOf, parseArtifactPath } from '../artifact-path.ts';
import { toUri } from './artifact-stores.ts';
import type { ChoosingOptions } from './choose-artifact.ts';
import { storeOf } from './store-of-run.ts';

/** In VS Code's difference editor, with the other run on the left. */
export const compareArtifact = async (options: ChoosingOptions, { run, path }: ArtifactReference): Promise<void> => {
  const other = await options.chooseRun(`Compare ${lineText(posix.basename(path), 60)} with That of`);
  if (other === undefined) return;
  if (other.runId === run.runId && other.storeId === run.storeId) throw new MlflowError('INVALID_PARAMETER_VALUE', 'That is the same run: choose another one');
  await checkFile(options, other, path);
  const [left, right] = await Promise.all([nameOf(options, other), nameOf(options, run)]);
  const title = `${lineText(posix.basename(path), 60)}: ${left} ↔ ${right}`;
  await vscode.commands.executeCommand('vscode.diff', toUri({ run: other, path }), toUri({ run, path }), title);
};

const checkFile = async (options: ChoosingOptions, run: RunReference, path: string): Promise<void> => {
  const at = parseArtifactPath(path);
  const files = await storeOf(options.stores, run).artifacts.listArtifacts(run.runId, parentOf(at).join('/') || undefined);
  if (!files.some((file) => file.path === at.join('/') && !file.isDirectory))
    throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `${await nameOf(options, run)} has no artifact '${path}'`);
};

const nameOf = async (options: ChoosingOptions, run: RunReference): Promise<string> => {
  const { info } = await storeOf(options.stores, run).tracking.getRun(run.runId);
  return lineText(info.runName || info.runId, 60);
};
