import { plainChoices, type RunChoices } from '../../../schemas/run-choices.ts';
import { runsOf } from '../../host/run-items.ts';
import { MlflowError } from '../../shared/errors.ts';
import type { Run } from '../../tracking/run.ts';
import { pastChoices, pastStart } from '../again.ts';
import { readProjectAddress } from '../project-address.ts';
import { chooseEntryPoint } from './choose-entry-point.ts';
import { folderOf } from './run-again.ts';
import { openPlace } from './open-place.ts';
import type { RunForms } from './run-form-page.ts';
import { entryPointOf, requireTrust, type ChosenEntryPoint, type StartOptions } from './start-run.ts';

/** Opens the form of an entry point, filled in with the params of a run. */
export const applyParams = async (item: unknown, forms: RunForms, options: StartOptions): Promise<void> => {
  requireTrust();
  const [named] = runsOf(item) ?? [];
  const store = named === undefined ? undefined : options.stores.byId(named.storeId);
  if (named === undefined || store === undefined) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', 'The store of this run is not open');
  const run = await store.tracking.getRun(named.runId);
  const chosen = (await ownEntryPoint(run, await folderOf(store), options)) ?? (await chooseEntryPoint(undefined, 'Apply Params to Entry Point', options));
  if (chosen !== undefined) forms.show(chosen, choicesFor(run, chosen, options));
};

/** Where the run came from, if that is a folder of this machine that still has the entry point. */
const ownEntryPoint = async (run: Run, folder: Awaited<ReturnType<typeof folderOf>>, options: StartOptions): Promise<ChosenEntryPoint | undefined> => {
  if (folder === undefined || !run.tags.some(({ key, value }) => key === 'mlflow.source.type' && value === 'PROJECT')) return undefined;
  try {
    const { place, entryPoint } = pastStart(run);
    if (place.version !== undefined || readProjectAddress(place.uri, folder.uri.fsPath).kind !== 'folder') return undefined;
    const found = await openPlace(place, folder, options);
    return { found, entryPoint: entryPointOf(found.project, entryPoint) };
  } catch (error) {
    if (error instanceof MlflowError) return undefined;
    throw error;
  }
};

/** What we gave it ourselves is known exactly; else its params say it. */
const choicesFor = (run: Run, { entryPoint }: ChosenEntryPoint, { runs }: StartOptions): RunChoices => {
  const ours = runs.byId(run.info.runId)?.plan;
  const isSame = ours?.entryPoint.name === entryPoint.name;
  return { ...plainChoices, ...pastChoices(run, entryPoint), ...(isSame && { values: ours.values }) };
};
