import * as vscode from 'vscode';

import { formatAge } from '../../../schemas/format.ts';
import { iconSafeText } from '../../host/hostile-text.ts';
import { sayInformation } from '../../host/messages.ts';
import type { SubmittedRun } from '../submitted-run.ts';

interface RunPickItem extends vscode.QuickPickItem {
  readonly run: SubmittedRun;
}

/** Asks which one when there are several; undefined when given up, or when there is none. */
export const pickRun = async (runs: readonly SubmittedRun[], title: string): Promise<SubmittedRun | undefined> => {
  if (runs.length === 0) {
    void sayInformation('No run of an entry point was started from this workspace, or none is running.');
    return undefined;
  }
  if (runs.length === 1) return runs[0];
  return (await vscode.window.showQuickPick<RunPickItem>(runs.map(toItem), { title, placeHolder: 'Choose a run', matchOnDescription: true }))?.run;
};

const toItem = (run: SubmittedRun): RunPickItem => ({
  label: `${run.hasEnded ? '' : '$(sync~spin) '}${iconSafeText(run.plan.entryPoint.name)}`,
  description: `${iconSafeText(run.plan.runName)}, ${formatAge(run.plan.startTime, Date.now())}`,
  run,
});
