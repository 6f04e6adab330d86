import * as vscode from 'vscode';

import { sayWarning } from '../../host/messages.ts';
import { runsOf } from '../../host/run-items.ts';
import { MlflowError } from '../../shared/errors.ts';
import type { StoreConnection } from '../../tracking/store-connection.ts';
import { pastChoices, pastStart, type PastStart } from '../again.ts';
import { readProjectAddress } from '../project-address.ts';
import { withoutCredentials } from '../source-version.ts';
import type { SubmittedRun } from '../submitted-run.ts';
import { openPlace, pickWorkspaceFolder } from './open-place.ts';
import { runChosen } from './run-entry-point.ts';
import { entryPointOf, requireTrust, type ChosenEntryPoint, type StartOptions } from './start-run.ts';

/** Starts what a run was a run of, with its values: those that we gave it, else those that its params tell. Undefined when given up. */
export const runAgain = async (item: unknown, options: StartOptions): Promise<SubmittedRun | undefined> => {
  requireTrust();
  const [named] = runsOf(item) ?? [];
  const store = named === undefined ? undefined : options.stores.byId(named.storeId);
  if (named === undefined || store === undefined) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', 'The store of this run is not open');
  const run = await store.tracking.getRun(named.runId);
  const past = pastStart(run);
  const workspaceFolder = await folderOf(store);
  if (workspaceFolder === undefined || !(await confirm(past, workspaceFolder))) return undefined;
  const found = await openPlace(past.place, workspaceFolder, options);
  const chosen: ChosenEntryPoint = { found, entryPoint: entryPointOf(found.project, past.entryPoint) };
  const ours = options.runs.byId(named.runId)?.plan;
  const choices = pastChoices(run, chosen.entryPoint);
  const experiment = (await store.tracking.getExperiment(run.info.experimentId)).name;
  return await runChosen({ ...chosen, store }, { ...choices, ...(ours !== undefined && { values: ours.values }), experiment }, options);
};

/** Undefined when given up. */
export const folderOf = async (store: StoreConnection): Promise<vscode.WorkspaceFolder | undefined> => {
  const own = store.folder === undefined ? undefined : vscode.workspace.getWorkspaceFolder(vscode.Uri.file(store.folder));
  return own ?? (await pickWorkspaceFolder());
};

const runIt = 'Clone and Run';

/** A store may be written by others: what it names elsewhere is not run without a question. */
const confirm = async ({ place, entryPoint }: PastStart, { uri }: vscode.WorkspaceFolder): Promise<boolean> => {
  if (readProjectAddress(place.uri, uri.fsPath).kind === 'folder') return true;
  const detail = `${withoutCredentials(place.uri)}\n${place.version ?? ''}\n\nIts programs run with your rights.`;
  return (await sayWarning(`Clone this project and run its entry point '${entryPoint}'?`, { modal: true, detail }, runIt)) === runIt;
};
