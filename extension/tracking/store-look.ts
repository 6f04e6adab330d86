import { addressText, awaitsAgreement, type StoreConnection, type StoreConnections } from './store-connection.ts';

/** How a store is shown in a tree, whichever tree it is. */
export interface StoreLook {
  /** Of VS Code's own icons. */
  readonly icon: string;
  readonly color?: string;
  readonly description: string;
  readonly tooltip: string;
}

const kindIcons: Readonly<Record<StoreConnection['address']['kind'], string>> = { sqlite: 'database', files: 'folder-library', server: 'server' };

export const lookOfStore = ({ state, address }: Pick<StoreConnection, 'state' | 'address'>): StoreLook => {
  const tooltip = addressText(address);
  if (state.kind === 'opening') return { icon: 'loading~spin', description: 'opening…', tooltip };
  if (awaitsAgreement({ state })) return { icon: 'debug-disconnect', description: 'not connected', tooltip };
  if (state.kind === 'failed') return { icon: 'error', color: 'list.errorForeground', description: 'cannot be opened', tooltip };
  const icon = kindIcons[address.kind];
  if (state.readOnlyReason !== undefined) return { icon, description: 'read-only', tooltip: `${tooltip}\n${state.readOnlyReason}` };
  return { icon, description: '', tooltip: state.notice === undefined ? tooltip : `${tooltip}\n${state.notice}` };
};

/** `store.ready.sqlite.readonly.old`: what `when` clauses of menus match. */
export const contextOfStore = ({ state, address }: Pick<StoreConnection, 'state' | 'address'>): string => {
  const isReadOnly = state.kind === 'ready' && state.readOnlyReason !== undefined;
  const kind = awaitsAgreement({ state }) ? 'unconnected' : state.kind;
  const parts = ['store', kind, address.kind, ...(isReadOnly ? ['readonly'] : []), ...(isReadOnly && state.canUpgrade === true ? ['old'] : [])];
  return parts.join('.');
};

/** Why a store cannot be opened, by the name that its row has; undefined when it can, or is just being opened. */
export const failureOf = ({ state, address, label }: Pick<StoreConnection, 'state' | 'address' | 'label'>): string | undefined => {
  if (state.kind !== 'failed') return undefined;
  return address.kind === 'server' ? state.message : state.message.replaceAll(address.path, label);
};

/** The row above names the file: in a narrow side bar the reason comes first, and the path is in the tooltip. */
export const reasonFirst = (text: string, { address, label }: Pick<StoreConnection, 'address' | 'label'>): string => {
  const names = [address.kind === 'server' ? address.url : address.path, label];
  const name = names.find((candidate) => text.startsWith(`${candidate} `));
  const reason = name === undefined ? text : text.slice(name.length + 1);
  return reason.charAt(0).toUpperCase() + reason.slice(1);
};

/** What the status bar names: the store of the folder at hand, or the first there is; never one that a file names and nobody has agreed to. */
export const storeAtHand = (stores: Pick<StoreConnections, 'all' | 'activeFor' | 'serverFor'>, folder: string | undefined): StoreConnection | undefined => {
  const ofFolder = folder === undefined ? [] : [stores.activeFor(folder), stores.serverFor(folder)];
  return [...ofFolder, ...stores.all].find((store) => store !== undefined && !awaitsAgreement(store));
};
