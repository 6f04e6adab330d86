import type { RunId } from '../../../schemas/ids.ts';
import { errorMessage } from '../../shared/errors.ts';
import { contentOf, folderOf, parentFolder } from '../../tracking/name-folders.ts';
import type { Run } from '../../tracking/run.ts';
import type { StoreConnection } from '../../tracking/store-connection.ts';
import { failureOf } from '../../tracking/store-look.ts';
import type { ModelVersion } from '../model-version.ts';
import { PagedList, type PageRequest } from '../paged-list.ts';
import type { RegisteredModel } from '../registered-model.ts';
import type { RegistryStore } from '../registry-store.ts';
import { createRestRegistryStore } from '../rest-registry-store.ts';
import { modelsFilterOf, orderByOf, type ModelOrder } from '../search/models-query.ts';
import { nameIs } from '../search/name-filter.ts';
import { readSourceRuns } from '../source-runs.ts';
import { newestVersionOf } from './model-text.ts';
import { RegistryNodes, type FolderNode, type ModelNode, type MoreNode, type RegistryNode, type StoreNode, type VersionNode } from './registry-nodes.ts';

/** What is to be shown, and in which order. */
export interface RegistryView {
  readonly search: string;
  readonly order: ModelOrder;
}

export const modelsShown = 100;
export const versionsShown = 50;
/** MLflow hands out so many models at once. */
const mostModels = 1000;
const mostVersions = 1000;
/** To sort by something that a server cannot sort by, all are needed: of more than these the first by name. */
const mostSorted = 10_000;

/** One store's part of the tree: what of it is loaded. Everything is read when it is shown, and read again after `forget`. */
export class RegistryBranch {
  readonly connection: StoreConnection;
  readonly registry: RegistryStore;
  readonly #view: () => RegistryView;
  readonly #nodes: RegistryNodes;
  readonly #versionLists = new Map<string, PagedList<ModelVersion>>();
  readonly #models = new Map<string, RegisteredModel>();
  readonly #versions = new Map<string, ModelVersion>();
  readonly #runs = new Map<RunId, Run>();
  #modelList: PagedList<RegisteredModel>;
  /** Of models that are sorted here, which are all read, so many are shown. */
  #sortedShown = modelsShown;
  #unreadRuns = new Set<RunId>();

  constructor(connection: StoreConnection, view: () => RegistryView) {
    this.connection = connection;
    this.registry = createRestRegistryStore(connection.http);
    this.#view = view;
    this.#nodes = new RegistryNodes(connection);
    this.#modelList = this.#newModelList();
  }

  get root(): StoreNode {
    return this.#nodes.store();
  }

  model(name: string): RegisteredModel | undefined {
    return this.#models.get(name);
  }

  version({ id }: VersionNode): ModelVersion | undefined {
    return this.#versions.get(id);
  }

  sourceRun({ runId }: ModelVersion): Run | undefined {
    return runId === undefined ? undefined : this.#runs.get(runId);
  }

  /** Whether a version that is shown was made by one of these runs. */
  showsRun(runIds: ReadonlySet<RunId>): boolean {
    return [...runIds].some((runId) => this.#runs.has(runId));
  }

  modelNode(name: string): ModelNode {
    return this.#nodes.model(name);
  }

  versionNode(name: string, version: number): VersionNode {
    return this.#nodes.version(name, version);
  }

  async children(node: RegistryNode): Promise<readonly RegistryNode[]> {
    try {
      return await this.#childrenOf(node);
    } catch (error) {
      return [this.#nodes.note(node, errorMessage(error), 'error')];
    }
  }

  parent(node: RegistryNode): RegistryNode | undefined {
    switch (node.kind) {
      case 'store':
      case 'note':
        return undefined;
      case 'folder':
        return this.#folderNode(parentFolder(node.path));
      case 'model':
        return this.#folderNode(folderOf(node.name));
      case 'version':
        return this.#nodes.model(node.name);
      case 'more':
        return node.name === undefined ? this.root : this.#nodes.model(node.name);
      default:
        return node satisfies never;
    }
  }

  showMore({ name }: MoreNode): void {
    if (name === undefined) this.#showMoreModels();
    else this.#versionListOf(name).more();
  }

  /** Each part is read again when it is shown, as far as it was shown. */
  forget(): void {
    this.#modelList.forget();
    for (const list of this.#versionLists.values()) list.forget();
    for (const runId of this.#runs.keys()) this.#unreadRuns.add(runId);
  }

  /** Another search or order: from the beginning. */
  startAnew(): void {
    this.#modelList = this.#newModelList();
    this.#sortedShown = modelsShown;
    this.forget();
  }

  #showMoreModels(): void {
    if (this.#view().order === 'versions') this.#sortedShown += modelsShown;
    else this.#modelList.more();
  }

  #newModelList(): PagedList<RegisteredModel> {
    const { search, order } = this.#view();
    const read = async (request: PageRequest) => {
      const filter = modelsFilterOf(search);
      return this.registry.searchRegisteredModels({ ...request, ...(filter !== '' && { filter }), orderBy: orderByOf(order) });
    };
    return new PagedList(read, { step: order === 'versions' ? mostSorted : modelsShown, most: mostModels });
  }

  async #childrenOf(node: RegistryNode): Promise<readonly RegistryNode[]> {
    switch (node.kind) {
      case 'store':
        return this.#childrenOfStore(node);
      case 'folder':
        return this.#contentOf(node.path);
      case 'model':
        return this.#versionsOf(node);
      case 'version':
      case 'more':
      case 'note':
        return [];
      default:
        return node satisfies never;
    }
  }

  async #childrenOfStore(node: StoreNode): Promise<readonly RegistryNode[]> {
    if (this.connection.state.kind === 'opening') return [];
    const failure = failureOf(this.connection);
    if (failure !== undefined) return [this.#nodes.note(node, failure, 'error')];
    const rows = await this.#contentOf('');
    if (rows.length > 0) return rows;
    const search = this.#view().search;
    return [this.#nodes.note(node, search === '' ? 'No registered models yet' : 'No model matches the search', 'info')];
  }

  async #contentOf(path: string): Promise<readonly RegistryNode[]> {
    const { items, hasMore } = await this.#readModels();
    const { folders, items: here } = contentOf(items, path);
    const rows = [...folders.map((folder) => this.#nodes.folder(folder)), ...here.map(({ name }) => this.#nodes.model(name))];
    return hasMore && path === '' ? [...rows, this.#nodes.more()] : rows;
  }

  async #readModels() {
    const { items, hasMore } = await this.#modelList.get();
    for (const model of items) this.#models.set(model.name, model);
    if (this.#view().order !== 'versions') return { items, hasMore };
    const sorted = items.toSorted((a, b) => newestVersionOf(b) - newestVersionOf(a));
    return { items: sorted.slice(0, this.#sortedShown), hasMore: sorted.length > this.#sortedShown };
  }

  async #versionsOf(node: ModelNode): Promise<readonly RegistryNode[]> {
    const { items, hasMore } = await this.#versionListOf(node.name).get();
    await this.#readRuns(items);
    for (const version of items) this.#versions.set(this.#nodes.version(version.name, version.version).id, version);
    if (items.length === 0) return [this.#nodes.note(node, 'No versions yet', 'info')];
    const rows = items.map(({ name, version }) => this.#nodes.version(name, version));
    return hasMore ? [...rows, this.#nodes.more(node.name)] : rows;
  }

  #versionListOf(name: string): PagedList<ModelVersion> {
    const known = this.#versionLists.get(name);
    if (known !== undefined) return known;
    const read = async (request: PageRequest) => {
      const page = await this.registry.searchModelVersions({ ...request, filter: nameIs(name), orderBy: ['version_number DESC'] });
      return { ...page, items: page.items.filter((version) => version.name === name) };
    };
    const list = new PagedList(read, { step: versionsShown, most: mostVersions });
    this.#versionLists.set(name, list);
    return list;
  }

  async #readRuns(versions: readonly ModelVersion[]): Promise<void> {
    const wanted = versions.flatMap(({ runId }) =>
      runId === undefined || runId === '' || (this.#runs.has(runId) && !this.#unreadRuns.has(runId)) ? [] : [runId],
    );
    for (const run of await readSourceRuns(this.connection.tracking, wanted)) this.#runs.set(run.info.runId, run);
    for (const runId of wanted) this.#unreadRuns.delete(runId);
  }

  #folderNode(path: string): StoreNode | FolderNode {
    return path === '' ? this.root : this.#nodes.folder(path);
  }
}
