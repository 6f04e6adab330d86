import { dirname } from 'node:path';
import * as vscode from 'vscode';

import { iconSafeText } from '../../host/hostile-text.ts';
import { runsOf } from '../../host/run-items.ts';
import { createRestRegistryStore } from '../../registry/rest-registry-store.ts';
import { readSourceRuns } from '../../registry/source-runs.ts';
import { versionUri } from '../../registry/model-uri.ts';
import { MlflowError } from '../../shared/errors.ts';
import { formatAge } from '../../../schemas/format.ts';
import type { RunId } from '../../../schemas/ids.ts';
import type { RunReference } from '../../host/commands.ts';
import { createRestLoggedModelStore } from '../../tracking/rest-logged-model-store.ts';
import type { StoreConnection, StoreConnections } from '../../tracking/store-connection.ts';
import { readModelReference, type ModelReference } from '../model-reference.ts';
import { referenceToUri } from './open-model.ts';

interface ModelRow extends vscode.QuickPickItem {
  readonly reference?: ModelReference;
}

/** Rows of each kind; older ones are reached by their address. */
const mostRows = 50;

/** What a command was handed, or the user's choice; undefined when given up. */
export const pickModel = async (target: unknown, stores: StoreConnections, placeHolder: string): Promise<ModelReference | undefined> => {
  if (target instanceof vscode.Uri) return await referenceToUri(target);
  const [run] = runsOf(target) ?? [];
  if (run !== undefined) return await pickOfRun(run, stores, placeHolder);
  return readModelReference(target) ?? (await choose(allRows(stores), placeHolder));
};

const choose = async (rows: Promise<readonly ModelRow[]>, placeHolder: string): Promise<ModelReference | undefined> => {
  const enter: ModelRow = { label: '$(edit) Enter an address…', alwaysShow: true };
  const offered = rows.then((found): readonly ModelRow[] => [...found, enter]);
  const chosen = await vscode.window.showQuickPick<ModelRow>(offered, { placeHolder, matchOnDescription: true, matchOnDetail: true });
  if (chosen !== enter) return chosen?.reference;
  const modelUri = await vscode.window.showInputBox({
    title: placeHolder,
    prompt: 'models:/name@alias, models:/name/version, models:/m-…, runs:/id/path, a folder or another address that MLflow knows',
    validateInput: (text) => (text.trim() === '' ? 'An address is needed' : undefined),
  });
  return modelUri === undefined ? undefined : { modelUri: modelUri.trim() };
};

const allRows = async (stores: StoreConnections): Promise<readonly ModelRow[]> => {
  const ready = stores.all.filter(({ state }) => state.kind === 'ready');
  const groups = await Promise.all([fileRows(), ...ready.map(versionRows), ...ready.map(loggedRows)]);
  return groups.flatMap(({ name, rows }) => (rows.length === 0 ? [] : [{ label: name, kind: vscode.QuickPickItemKind.Separator }, ...rows]));
};

interface Group {
  readonly name: string;
  readonly rows: readonly ModelRow[];
}

const fileRows = async (): Promise<Group> => {
  const files = await vscode.workspace.findFiles('**/MLmodel', '**/{node_modules,.venv,venv,mlruns,mlartifacts}/**', mostRows);
  const rows = files.map((file) => ({
    label: `$(package) ${iconSafeText(vscode.workspace.asRelativePath(dirname(file.fsPath)))}`,
    reference: { modelUri: dirname(file.fsPath) },
  }));
  return { name: 'folders', rows };
};

const versionRows = async (store: StoreConnection): Promise<Group> => {
  const name = `registered in ${store.label}`;
  try {
    const search = { maxResults: mostRows, orderBy: ['last_updated_timestamp DESC'] };
    const { items } = await createRestRegistryStore(store.http).searchModelVersions(search);
    const rows = items.map((version) => ({
      label: `$(versions) ${iconSafeText(`${version.name} version ${version.version}`)}`,
      description: [...version.aliases.map((alias) => `@${alias}`), formatAge(version.lastUpdatedTimestamp, Date.now())].join(' '),
      reference: { storeId: store.id, modelUri: versionUri(version.name, version.version) },
    }));
    return { name, rows };
  } catch {
    // A server without a registry has none to choose from.
    return { name, rows: [] };
  }
};

const loggedRows = async (store: StoreConnection): Promise<Group> => {
  const name = `logged in ${store.label}`;
  try {
    const { items: experiments } = await store.tracking.searchExperiments({ maxResults: 1_000 });
    if (experiments.length === 0) return { name, rows: [] };
    const search = { experimentIds: experiments.map(({ experimentId }) => experimentId), maxResults: mostRows };
    return { name, rows: await loggedModelRows(store, search) };
  } catch {
    // Servers before MLflow 3 have no logged models.
    return { name, rows: [] };
  }
};

type Search = Parameters<ReturnType<typeof createRestLoggedModelStore>['searchLoggedModels']>[0];

const loggedModelRows = async (store: StoreConnection, search: Search): Promise<readonly ModelRow[]> => {
  const { items } = await createRestLoggedModelStore(store.http).searchLoggedModels(search);
  const runNames = await readRunNames(
    store,
    items.flatMap(({ sourceRunId }) => sourceRunId ?? []),
  );
  return items.map(({ name, modelId, sourceRunId, creationTimestamp }) => {
    const runName = sourceRunId === undefined ? undefined : runNames.get(sourceRunId);
    return {
      label: `$(symbol-misc) ${iconSafeText(name)}`,
      description: iconSafeText([...(runName === undefined ? [] : [`of ${runName}`]), formatAge(creationTimestamp, Date.now())].join(', ')),
      detail: iconSafeText(modelId),
      reference: { storeId: store.id, modelUri: `models:/${modelId}` },
    };
  });
};

/** Most models are called `model`: the runs tell them apart. */
const readRunNames = async (store: StoreConnection, runIds: readonly RunId[]): Promise<ReadonlyMap<RunId, string>> => {
  const runs = await readSourceRuns(store.tracking, runIds).catch(() => []);
  return new Map(runs.map(({ info }) => [info.runId, info.runName]));
};

/** The only model that a run has, or one of them. */
const pickOfRun = async ({ storeId, runId }: RunReference, stores: StoreConnections, placeHolder: string): Promise<ModelReference | undefined> => {
  const store = stores.byId(storeId);
  if (store === undefined) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', 'The store of this run is not open any more');
  const { info } = await store.tracking.getRun(runId);
  const search = { experimentIds: [info.experimentId], filter: `source_run_id = '${runId.replaceAll("'", "''")}'`, maxResults: mostRows };
  const rows = [...(await loggedModelRows(store, search).catch(() => [])), ...(await artifactRows(store, runId))];
  if (rows.length === 0) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `The run ${info.runName} has logged no model`);
  return rows.length === 1 ? rows[0]?.reference : (await vscode.window.showQuickPick(rows, { placeHolder, matchOnDetail: true }))?.reference;
};

/** Before MLflow 3, and with other clients, a model is a folder of the run's artifacts. */
const artifactRows = async (store: StoreConnection, runId: RunReference['runId']): Promise<readonly ModelRow[]> => {
  const folders = (await store.artifacts.listArtifacts(runId)).filter(({ isDirectory }) => isDirectory);
  const found = await Promise.all(
    folders.slice(0, mostRows).map(async ({ path }) => {
      const inside = await store.artifacts.listArtifacts(runId, path);
      return inside.some((file) => file.path === `${path}/MLmodel`) ? [path] : [];
    }),
  );
  return found.flat().map((path) => ({ label: `$(folder) ${iconSafeText(path)}`, reference: { storeId: store.id, modelUri: `runs:/${runId}/${path}` } }));
};
