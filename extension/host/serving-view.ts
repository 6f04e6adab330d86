import * as vscode from 'vscode';

import { type Disposable, Disposables } from '../shared/disposables.ts';
import type { Event } from '../shared/emitter.ts';
import type { CommandId, RegisterCommand } from './commands.ts';
import { setContext } from './contexts.ts';
import { iconSafeText, lineText } from './hostile-text.ts';

export type ServedState =
  | { readonly kind: 'starting' }
  | { readonly kind: 'stopping' }
  /** `since` in ms. */
  | { readonly kind: 'ready'; readonly since: number; readonly address: string }
  | { readonly kind: 'failed'; readonly message: string };

/** What answers HTTP requests for as long as this window wants it: a row of the view *Serving*, whichever component started it. */
export interface Served {
  readonly id: string;
  /** Decides icon and menus: `viewItem` is `<kind>.<state>`. */
  readonly kind: 'trackingServer' | 'modelServer';
  /** The store or the model. */
  readonly label: string;
  readonly state: ServedState;
  readonly onDidChangeState: Event<void>;
  /** More about it, as lines of text. */
  readonly details: readonly string[];
  /** Copied by the menu, under these names. */
  readonly copyable: Readonly<Record<string, string>>;
  /** The command that a click on its row runs, with the row. */
  readonly open?: CommandId;
  /** Ends it, if it still runs, for good. */
  stop(): void;
  /** The window is closed: ends what is not to outlive it. */
  leave(): void;
}

/** ms between two refreshes of the times that are shown. */
const ageInterval = 30_000;

/** The view *Serving*: there while something serves or has failed. */
export class ServingView implements vscode.TreeDataProvider<Served>, Disposable {
  readonly #owned = new Disposables();
  readonly #changed = this.#owned.own(new vscode.EventEmitter<Served | undefined>());
  readonly #items = new Map<Served, Disposable>();
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(register: RegisterCommand) {
    this.#owned.own(vscode.window.createTreeView('mlflow.serving', { treeDataProvider: this }));
    this.#owned.own(register('mlflow.serving.stop', (item) => this.#stop(item)));
    this.#owned.own(register('mlflow.serving.copyAddress', (item) => this.#copyAddress(item)));
    this.#owned.own(register('mlflow.serving.copyMore', (item) => this.#copyMore(item)));
    const timer = setInterval(() => this.#items.size > 0 && this.#changed.fire(undefined), ageInterval);
    this.#owned.own({ dispose: () => clearInterval(timer) });
    this.#show();
  }

  /** A row that is there already stays as it is. */
  add(item: Served): void {
    if (this.#items.has(item)) return;
    this.#items.set(
      item,
      item.onDidChangeState(() => this.#changed.fire(item)),
    );
    this.#show();
  }

  /** Ends what the row stands for. */
  remove(item: Served): void {
    this.#forget(item);
    item.stop();
    this.#show();
  }

  getChildren(item?: Served): Served[] {
    return item === undefined ? [...this.#items.keys()] : [];
  }

  getTreeItem(item: Served): vscode.TreeItem {
    return servedItem(item, Date.now());
  }

  dispose(): void {
    for (const item of this.#items.keys()) {
      this.#forget(item);
      item.leave();
    }
    this.#owned.dispose();
  }

  #itemOf(clicked: unknown): Served | undefined {
    return this.getChildren().find((item) => item === clicked);
  }

  async #stop(clicked: unknown): Promise<void> {
    const item = this.#itemOf(clicked) ?? (await this.#pick('Stop which server?'));
    if (item !== undefined) this.remove(item);
  }

  async #copyAddress(clicked: unknown): Promise<void> {
    const item = this.#itemOf(clicked);
    if (item?.state.kind === 'ready') await vscode.env.clipboard.writeText(item.state.address);
  }

  async #copyMore(clicked: unknown): Promise<void> {
    const item = this.#itemOf(clicked);
    if (item === undefined) return;
    const name = await vscode.window.showQuickPick(Object.keys(item.copyable), { placeHolder: 'Copy what?' });
    if (name !== undefined) await vscode.env.clipboard.writeText(item.copyable[name] ?? '');
  }

  async #pick(placeHolder: string): Promise<Served | undefined> {
    const items = this.getChildren();
    if (items.length <= 1) return items[0];
    return (
      await vscode.window.showQuickPick(
        items.map((item) => ({ label: iconSafeText(item.label), description: addressOf(item), item })),
        { placeHolder },
      )
    )?.item;
  }

  #forget(item: Served): void {
    this.#items.get(item)?.dispose();
    this.#items.delete(item);
  }

  #show(): void {
    setContext('mlflow.servingCount', this.#items.size);
    this.#changed.fire(undefined);
  }
}

const addressOf = ({ state }: Served): string => (state.kind === 'ready' ? state.address : state.kind);

const kinds = {
  trackingServer: { name: 'tracking server', icon: 'server' },
  modelServer: { name: 'model server', icon: 'broadcast' },
} as const;

const servedItem = (served: Served, now: number): vscode.TreeItem => {
  const { state, kind } = served;
  const label = lineText(served.label);
  const item = new vscode.TreeItem(label);
  item.id = served.id;
  item.contextValue = `${kind}.${state.kind}`;
  item.description = describe(state, now);
  if (served.open !== undefined) item.command = { command: served.open, title: '', arguments: [served] };
  item.iconPath = iconOf(served);
  item.tooltip = [`${kinds[kind].name} of ${label}`, ...(state.kind === 'failed' ? [state.message] : []), ...served.details].join('\n');
  item.accessibilityInformation = { label: `${kinds[kind].name}, ${label}, ${item.description}` };
  return item;
};

const iconOf = ({ state, kind }: Served): vscode.ThemeIcon => {
  if (state.kind === 'starting' || state.kind === 'stopping') return new vscode.ThemeIcon('loading~spin');
  if (state.kind === 'failed') return new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'));
  return new vscode.ThemeIcon(kinds[kind].icon, new vscode.ThemeColor('testing.iconPassed'));
};

const describe = (state: ServedState, now: number): string => {
  if (state.kind === 'starting' || state.kind === 'stopping') return `${state.kind}…`;
  if (state.kind === 'failed') return `failed: ${lineText(state.message)}`;
  return `${state.address.replace(/^https?:\/\//, '')} · ${uptime(now - state.since)}`;
};

/** ms as `3 m`, `2 h`, `4 d`. */
const uptime = (ms: number): string => {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return 'just started';
  if (minutes < 60) return `${minutes} m`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1440)} d`;
};
