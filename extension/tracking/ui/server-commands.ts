import { basename } from 'node:path';
import * as vscode from 'vscode';

import { toSignal } from '../../host/abort.ts';
import { executeCommand, type RegisterCommand } from '../../host/commands.ts';
import { lineText } from '../../host/hostile-text.ts';
import { sayInformation, sayWarning } from '../../host/messages.ts';
import { type Disposable, Disposables } from '../../shared/disposables.ts';
import { MlflowError } from '../../shared/errors.ts';
import { headersFor, MlflowCredentials, type Credentials } from '../credentials.ts';
import { mlflowPage } from '../mlflow-page.ts';
import { diagnose, type Diagnosis } from '../rest-diagnosis.ts';
import { addressText, awaitsAgreement, type ServerAddress, type StoreConnection } from '../store-connection.ts';
import type { KeptCredentials } from './kept-credentials.ts';
import { pickStore } from './pick-store.ts';
import type { WindowStores } from './store-connections.ts';
import { isTreeNode, type TreeNode } from './tree-nodes.ts';

interface ServerCommandsOptions {
  readonly register: RegisterCommand;
  readonly stores: WindowStores;
  readonly credentials: KeptCredentials;
}

/** What concerns the connection to a server of somebody else. */
export const registerServerCommands = ({ register, stores, credentials }: ServerCommandsOptions): Disposable => {
  const owned = new Disposables();
  owned.own(register('mlflow.tracking.signIn', async (item) => signIn(stores, await chooseServer(stores, item, 'Sign In'), credentials)));
  owned.own(register('mlflow.tracking.openInMlflow', (item) => isTreeNode(item) && openInMlflow(item)));
  owned.own(register('mlflow.tracking.connectStore', async (item) => isTreeNode(item) && connect(stores, item.connection)));
  owned.own(
    register('mlflow.tracking.diagnoseStore', async (item) => diagnoseServer(stores, await chooseServer(stores, item, 'Diagnose Connection'), credentials)),
  );
  return owned;
};

const openInMlflow = async (node: TreeNode): Promise<void> => {
  const { address } = node.connection;
  if (address.kind !== 'server') throw new MlflowError('INVALID_STATE', "This store is a file: MLflow's pages are of a server");
  await vscode.env.openExternal(vscode.Uri.parse(mlflowPage(address, 'experimentId' in node ? node : {}), true));
};

const chooseServer = async (stores: WindowStores, item: unknown, title: string): Promise<StoreConnection | undefined> => {
  if (isTreeNode(item)) return item.connection;
  const servers = stores.all.filter(({ address }) => address.kind === 'server');
  if (servers.length === 0) throw new MlflowError('INVALID_STATE', 'No server is among the stores: add one by MLflow: Open a Store…');
  return await pickStore(servers, title);
};

/** A file of the workspace says where requests, and credentials for that server, would go: whether they do is for the person to say. */
const connect = async (stores: WindowStores, store: StoreConnection): Promise<void> => {
  const folder = store.folder === undefined ? 'this folder' : basename(store.folder);
  const detail = `The .env of ${folder} names it. Its experiments and runs are read, with the credentials that you have given for it, if any.`;
  const message = `Connect to ${addressText(store.address)}?`;
  if ((await sayWarning(message, { modal: true, detail }, 'Connect')) === 'Connect') await stores.agreeTo(store);
};

/** Whether it may be asked: where nobody has said so yet, the person is asked now. */
const isAgreed = async (stores: WindowStores, store: StoreConnection): Promise<boolean> => {
  if (!awaitsAgreement(store)) return true;
  await connect(stores, store);
  return !awaitsAgreement(store);
};

const serverOf = ({ address }: StoreConnection): ServerAddress => {
  if (address.kind !== 'server') throw new MlflowError('INVALID_STATE', 'This store is a file, which asks for no password');
  return address;
};

const signIn = async (stores: WindowStores, store: StoreConnection | undefined, credentials: KeptCredentials): Promise<void> => {
  if (store === undefined) return;
  const { origin } = new URL(serverOf(store).url);
  const chosen = await askCredentials(origin, (await credentials.of(origin)) !== undefined);
  if (chosen === 'given up') return;
  await credentials.keep(origin, chosen);
  for (const other of stores.all) if (other.address.kind === 'server' && new URL(other.address.url).origin === origin) other.open();
};

const ways = {
  basic: { label: 'User and Password…', detail: "As MLflow's basic-auth server asks for" },
  bearer: { label: 'Token…', detail: 'Sent as a bearer token' },
  mlflow: { label: "MLflow's Own Credentials", detail: 'MLFLOW_TRACKING_USERNAME and …_PASSWORD or …_TOKEN, or ~/.mlflow/credentials' },
  none: { label: 'Sign Out', detail: 'Forgets what was kept for this server' },
} as const;

/** Undefined: none from now on. */
const askCredentials = async (origin: string, hasSome: boolean): Promise<Credentials | undefined | 'given up'> => {
  const items = [ways.basic, ways.bearer, ways.mlflow, ...(hasSome ? [ways.none] : [])];
  const way = await vscode.window.showQuickPick<vscode.QuickPickItem>(items, {
    title: `Sign In to ${origin}`,
    placeHolder: 'Kept in the secret storage of VS Code, for this server only',
  });
  switch (way) {
    case ways.basic:
      return await askBasic(origin);
    case ways.bearer:
      return await askToken(origin);
    case ways.mlflow:
      if ((await new MlflowCredentials().read(origin)) === undefined)
        throw new MlflowError(
          'INVALID_STATE',
          'MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN, are not set, and ~/.mlflow/credentials has none',
        );
      return { kind: 'mlflow' };
    case ways.none:
      return undefined;
    default:
      return 'given up';
  }
};

const askBasic = async (origin: string): Promise<Credentials | 'given up'> => {
  const ask = async (prompt: string, password: boolean): Promise<string | undefined> =>
    await vscode.window.showInputBox({
      title: `Sign In to ${origin}`,
      prompt,
      password,
      ignoreFocusOut: true,
      validateInput: (text) => (text === '' ? `${prompt} is needed` : undefined),
    });
  const user = await ask('User name', false);
  const password = user === undefined ? undefined : await ask('Password', true);
  return user === undefined || password === undefined ? 'given up' : { kind: 'basic', user, password };
};

const askToken = async (origin: string): Promise<Credentials | 'given up'> => {
  const validateInput = (text: string): string | undefined => (/^[\x21-\x7e]+$/.test(text.trim()) ? undefined : 'A token is one word');
  const token = await vscode.window.showInputBox({ title: `Sign In to ${origin}`, prompt: 'Token', password: true, ignoreFocusOut: true, validateInput });
  return token === undefined ? 'given up' : { kind: 'bearer', token: token.trim() };
};

const diagnoseServer = async (stores: WindowStores, store: StoreConnection | undefined, credentials: KeptCredentials): Promise<void> => {
  // A diagnosis asks the server, and sends what was given for it.
  if (store === undefined || !(await isAgreed(stores, store))) return;
  const address = serverOf(store);
  const options = { location: vscode.ProgressLocation.Notification, title: lineText(`Diagnosing ${store.label}`), cancellable: true };
  const diagnosis = await vscode.window.withProgress(options, async (_, token) =>
    diagnose(address, await headersFor(address.url, credentials), toSignal(token)),
  );
  // What stood in the way may be gone since the last look.
  if (diagnosis.kind === 'ok' && store.state.kind === 'failed') stores.byId(store.id)?.open();
  await tell(store, diagnosis);
};

const tell = async (store: StoreConnection, { kind, cause, advice }: Diagnosis): Promise<void> => {
  const message = `${store.label}: ${cause}`;
  if (kind === 'ok') return void sayInformation(message);
  const needsSignIn = kind === 'credentials' || kind === 'login' || kind === 'forbidden';
  const chosen = await sayWarning(message, { modal: true, detail: advice }, needsSignIn ? 'Sign In…' : 'Open Settings');
  if (chosen === 'Sign In…') await executeCommand('mlflow.tracking.signIn', { kind: 'store', connection: store });
  if (chosen === 'Open Settings') await vscode.commands.executeCommand('workbench.action.openSettings', 'mlflow.stores');
};
