import { executeCommand, type RegisterCommand } from '../../host/commands.ts';
import type { Disposable } from '../../shared/disposables.ts';
import { MlflowError } from '../../shared/errors.ts';
import type { StoreConnection } from '../../tracking/store-connection.ts';
import { registryOf } from '../registry-of.ts';
import { type Chosen, clickedIn } from './chosen-rows.ts';
import { oneVersion } from './selection.ts';

export const registerSourceRuns = (register: RegisterCommand, chosen: Chosen): Disposable =>
  register('mlflow.registry.openRun', async (...row) => {
    const { connection, name, version } = oneVersion(chosen(clickedIn(row)));
    await openSourceRun(connection, name, version);
  });

/** The page of the run that made a version. */
export const openSourceRun = async (connection: StoreConnection, name: string, version: number): Promise<void> => {
  const { runId } = await registryOf(connection).getModelVersion(name, version);
  if (runId === undefined || runId === '') throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `Version ${version} was not made by a run`);
  await executeCommand('mlflow.tracking.openRun', { run: { storeId: connection.id, runId } });
};
