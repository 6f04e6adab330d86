import * as vscode from 'vscode';

import { formatAge } from '../../../schemas/format.ts';
import type { RunReference } from '../../host/commands.ts';
import { iconSafeText } from '../../host/hostile-text.ts';
import { MlflowError } from '../../shared/errors.ts';
import type { StoreConnection } from '../../tracking/store-connection.ts';

/** The newest runs are offered; the command on a run's row takes any. */
const mostRuns = 200;
const mostExperiments = 1000;

export const chooseRun = async ({ id, label, tracking }: StoreConnection, title: string): Promise<RunReference | undefined> => {
  const { items: experiments } = await tracking.searchExperiments({ maxResults: mostExperiments });
  const experimentIds = experiments.map(({ experimentId }) => experimentId);
  const names = new Map(experiments.map(({ experimentId, name }) => [experimentId, name]));
  const { items: runs } =
    experimentIds.length === 0 ? { items: [] } : await tracking.searchRuns({ experimentIds, orderBy: ['attributes.start_time DESC'], maxResults: mostRuns });
  if (runs.length === 0) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `${label} has no runs to register a model of`);
  const items = runs.map(({ info }) => ({
    label: iconSafeText(info.runName),
    description: info.startTime === undefined ? '' : formatAge(Number(info.startTime), Date.now()),
    detail: iconSafeText(names.get(info.experimentId) ?? ''),
    run: { storeId: id, runId: info.runId },
  }));
  return (await vscode.window.showQuickPick(items, { title, placeHolder: 'Which run has the model?', matchOnDetail: true }))?.run;
};
