import * as vscode from 'vscode';

import { formatAge } from '../../../schemas/format.ts';
import { asStoreId, type StoreId } from '../../../schemas/ids.ts';
import { executeCommand, type RegisterCommand, type RunReference } from '../../host/commands.ts';
import { lineText } from '../../host/hostile-text.ts';
import { type Disposable, Disposables } from '../../shared/disposables.ts';
import { errorMessage, MlflowError } from '../../shared/errors.ts';
import type { StoreConnections } from '../../tracking/store-connection.ts';
import { findPreviousVersion } from '../previous-version.ts';
import { nameIs } from '../search/name-filter.ts';
import { whenOpened } from '../../tracking/when-opened.ts';
import { registryOf } from '../registry-of.ts';
import { type Chosen, clickedIn } from './chosen-rows.ts';
import type { ModelNode, RegistryNode, VersionNode } from './registry-nodes.ts';
import { modelsIn, oneVersion, versionsIn } from './selection.ts';

const scheme = 'mlflow-versions';

/** What the address of a comparison names: it is read again after a restart. */
interface Compared {
  readonly store: string;
  readonly name: string;
  readonly version: number;
}

const mostCompared = 8;
/** Of a model that has more, the newest. */
const mostOffered = 1000;

export const registerComparing = (register: RegisterCommand, stores: StoreConnections, chosen: Chosen): Disposable => {
  const owned = new Disposables();
  const provider = { provideTextDocumentContent: (uri: vscode.Uri) => reportOf(stores, uri) };
  owned.own(vscode.workspace.registerTextDocumentContentProvider(scheme, provider));
  owned.own(register('mlflow.registry.compareVersions', (...row) => compareChosen(chosen(row))));
  owned.own(register('mlflow.registry.compareWithPreviousVersion', (...row) => compareWithPrevious(oneVersion(chosen(clickedIn(row))))));
  owned.own(register('mlflow.registry.compareRuns', (...row) => compareRuns(versionsIn(chosen(row)))));
  return owned;
};

const comparedOf = ({ connection, name, version }: ComparedNode): Compared => ({ store: connection.id, name, version });

/** Of a model it is asked which. */
const compareChosen = async (nodes: readonly RegistryNode[]): Promise<void> => {
  const [model] = modelsIn(nodes);
  const versions = versionsIn(nodes);
  if (model === undefined || versions.length > 0) return await compare(versions);
  const picked = await pickVersions(model);
  if (picked !== undefined) await compare(picked);
};

type ComparedNode = Pick<VersionNode, 'connection' | 'name' | 'version'>;

/** The two newest are ticked; undefined when given up. */
const pickVersions = async ({ connection, name }: ModelNode): Promise<readonly ComparedNode[] | undefined> => {
  const newest = { filter: nameIs(name), orderBy: ['version_number DESC'], maxResults: mostOffered };
  const { items } = await registryOf(connection).searchModelVersions(newest);
  const rows = items
    .filter((found) => found.name === name)
    .map(({ version, creationTimestamp }, index) => ({
      label: `Version ${version}`,
      description: formatAge(creationTimestamp, Date.now()),
      picked: index < 2,
      node: { connection, name, version },
    }));
  const picked = await vscode.window.showQuickPick(rows, { title: `Compare Versions of ${lineText(name, 80)}`, canPickMany: true });
  return picked?.map(({ node }) => node);
};

const compare = async (nodes: readonly ComparedNode[]): Promise<void> => {
  if (nodes.length < 2) throw new MlflowError('INVALID_STATE', 'Select two versions or more in the view Model Registry first');
  if (nodes.length > mostCompared) throw new MlflowError('INVALID_STATE', `At most ${mostCompared} versions are compared at once`);
  // Older ones first, so that what changed reads in the order of time.
  await show(nodes.toSorted((a, b) => a.version - b.version).map(comparedOf));
};

const show = async (compared: readonly Compared[]): Promise<void> => {
  const title = compared.map(({ name, version }) => `${name.replaceAll(/[/\\]/g, '_')} v${version}`).join(', ');
  const uri = vscode.Uri.from({ scheme, path: `/${title.slice(0, 120)}.md`, query: JSON.stringify(compared) });
  await vscode.commands.executeCommand('markdown.showPreview', uri);
};

const compareWithPrevious = async (node: VersionNode): Promise<void> => {
  const { connection, name, version } = node;
  const previous = await findPreviousVersion(registryOf(connection), node);
  if (previous === undefined) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `There is no version of ${name} before version ${version}`);
  await show([{ store: connection.id, name, version: previous.version }, comparedOf(node)]);
};

const reportOf = async (stores: StoreConnections, uri: vscode.Uri): Promise<string> => {
  await stores.found;
  try {
    const { versionReport } = await import('./version-report.ts');
    return versionReport(await Promise.all((JSON.parse(uri.query) as readonly Compared[]).map(async (one) => await readCompared(stores, one))));
  } catch (error) {
    return `Cannot compare: ${errorMessage(error).replaceAll(/[^\p{L}\p{N} ]/gu, '\\$&')}\n`;
  }
};

const readCompared = async (stores: StoreConnections, { store, name, version }: Compared) => {
  const connection = stores.byId(asStoreId(store));
  if (connection === undefined) throw new MlflowError('INVALID_STATE', `The store ${store} is not open in this window`);
  await whenOpened(connection);
  const [{ readSnapshot }, { filesOf }] = await Promise.all([import('../version-snapshot.ts'), import('./copy-versions.ts')]);
  return await readSnapshot(filesOf(connection), { name, version });
};

interface RunItem {
  readonly run: RunReference;
}

/** The runs that made them, in *Compare*. */
const compareRuns = async (nodes: readonly VersionNode[]): Promise<void> => {
  const found = await Promise.all(
    nodes.map(async ({ connection, name, version }) => ({ id: connection.id, found: await registryOf(connection).getModelVersion(name, version) })),
  );
  const items = found.flatMap(({ id, found: { runId } }) => (runId === undefined || runId === '' ? [] : [itemOf(id, runId)]));
  if (items.length < 2) throw new MlflowError('INVALID_STATE', 'Fewer than two of these versions were made by a run');
  await executeCommand('mlflow.tracking.compareRuns', items[0], items);
};

const itemOf = (storeId: StoreId, runId: RunReference['runId']): RunItem => ({ run: { storeId, runId } });
