import { dirname, join } from 'node:path';
import * as vscode from 'vscode';

import type { RegisterCommand } from '../../host/commands.ts';
import { sayInformation } from '../../host/messages.ts';
import type { Served, ServedState, ServingView } from '../../host/serving-view.ts';
import { type Disposable, Disposables } from '../../shared/disposables.ts';
import { Emitter } from '../../shared/emitter.ts';
import { errorMessage } from '../../shared/errors.ts';
import { newToken } from '../../shared/token.ts';
import type { AgreedFolders } from '../local-connection.ts';
import type { StoreConnections } from '../store-connection.ts';
import { freePort, isFreePort, startTrackingServer, type TrackingServer, type TrackingServerOptions } from '../tracking-server-process.ts';
import { pickLocalStore, type FileConnection } from './pick-local-store.ts';

export interface TrackingServersOptions {
  readonly register: RegisterCommand;
  readonly stores: StoreConnections;
  readonly view: ServingView;
  readonly secrets: vscode.SecretStorage;
  readonly agreed: AgreedFolders;
  /** File name of the bundled command line. */
  readonly cliScript: string;
}

const usualPort = 5000;

/** *Start Tracking Server…*: a local store over HTTP, for programs that cannot open its file. */
export const registerTrackingServers = (options: TrackingServersOptions): Disposable => {
  const owned = new Disposables();
  const log = owned.own(vscode.window.createOutputChannel('MLflow Tracking Server'));
  owned.own(options.register('mlflow.tracking.startServer', (item) => startServer(options, log, item)));
  owned.own(options.register('mlflow.tracking.showServerLog', () => log.show()));
  return owned;
};

const startServer = async ({ stores, view, secrets, agreed, cliScript }: TrackingServersOptions, log: vscode.OutputChannel, item: unknown): Promise<void> => {
  const store = await pickLocalStore(stores, item, 'Serve which store?');
  const port = store && (await askPort(store));
  if (store === undefined || port === undefined) return;
  const token = await tokenOf(secrets, store);
  const external = await vscode.env.asExternalUri(vscode.Uri.parse(`http://127.0.0.1:${port}`));
  const served = new ServedStore(store, token, external, {
    cliScript,
    storePath: store.file.path,
    artifactsDestination: join(dirname(store.file.path), 'mlartifacts'),
    port,
    token,
    otherHosts: /^(127\.0\.0\.1|localhost):/.test(external.authority) && external.authority.endsWith(`:${port}`) ? [] : [external.authority],
    artifactFolders: agreed.of(store.file.path),
    onLine: (line) => log.appendLine(`${store.label}: ${line}`),
  });
  view.add(served);
  await vscode.commands.executeCommand('mlflow.serving.focus');
  await served.start();
};

const askPort = async ({ label }: FileConnection): Promise<number | undefined> => {
  const text = await vscode.window.showInputBox({
    title: `Start Tracking Server for ${label}`,
    prompt: 'Port on 127.0.0.1',
    value: String(await freePort(usualPort)),
    validateInput: async (value) => {
      const port = Number(value);
      if (!/^\d+$/.test(value) || port < 1 || port > 65_535) return 'A port is a number from 1 to 65535';
      return (await isFreePort(port)) ? undefined : `Port ${port} is taken by another program, or not for this user`;
    },
  });
  return text === undefined ? undefined : Number(text);
};

/** The same as the last time, so that what was set up with it goes on. */
const tokenOf = async (secrets: vscode.SecretStorage, { id }: FileConnection): Promise<string> => {
  const key = `mlflow.trackingServer.token ${id}`;
  const known = await secrets.get(key);
  if (known !== undefined) return known;
  const token = newToken();
  await secrets.store(key, token);
  return token;
};

/** A store that is served: from its start to its end. */
class ServedStore implements Served {
  readonly kind = 'trackingServer';
  readonly id: string;
  readonly label: string;
  readonly #options: TrackingServerOptions;
  readonly #token: string;
  readonly #external: vscode.Uri;
  readonly #changed = new Emitter<void>();
  #state: ServedState = { kind: 'starting' };
  #server: TrackingServer | undefined;
  #isStopped = false;

  readonly onDidChangeState = this.#changed.event;

  constructor({ id, label }: FileConnection, token: string, external: vscode.Uri, options: TrackingServerOptions) {
    this.id = `${id} ${options.port} ${Date.now()}`;
    this.label = label;
    this.#token = token;
    this.#external = external;
    this.#options = options;
  }

  get state(): ServedState {
    return this.#state;
  }

  get details(): readonly string[] {
    const external = this.#externalAddress;
    return [
      this.#options.storePath,
      ...(this.#state.kind === 'ready' ? [this.#state.address] : []),
      ...(external === undefined ? [] : [`From outside: ${external}`]),
    ];
  }

  get copyable(): Readonly<Record<string, string>> {
    const address = this.#state.kind === 'ready' ? this.#state.address : '';
    const external = this.#externalAddress;
    return {
      Token: this.#token,
      'Environment variables': `export MLFLOW_TRACKING_URI=${address}\nexport MLFLOW_TRACKING_TOKEN=${this.#token}`,
      ...(external !== undefined && { 'Address from outside': external }),
    };
  }

  async start(): Promise<void> {
    try {
      this.#server = await startTrackingServer(this.#options);
      if (this.#isStopped) return this.#server.stop();
      this.#setState({ kind: 'ready', since: Date.now(), address: this.#server.url });
      void this.#server.ended.then((reason) => this.#onEnd(reason));
      void this.#offerToCopy();
    } catch (error) {
      this.#setState({ kind: 'failed', message: errorMessage(error) });
      throw error;
    }
  }

  stop(): void {
    this.#isStopped = true;
    this.#server?.stop();
    this.#changed.dispose();
  }

  leave(): void {
    this.stop();
  }

  /** Only where it is another one: in a remote window. */
  get #externalAddress(): string | undefined {
    const text = this.#external.toString(true).replace(/\/$/, '');
    return text === `http://127.0.0.1:${this.#options.port}` ? undefined : text;
  }

  #onEnd(reason: string): void {
    if (!this.#isStopped) this.#setState({ kind: 'failed', message: reason });
  }

  #setState(state: ServedState): void {
    this.#state = state;
    this.#changed.fire();
  }

  async #offerToCopy(): Promise<void> {
    const [address, environment] = ['Copy Address', 'Copy Environment Variables'];
    const message = `${this.label} is served at ${this.#server?.url} until this window is closed. Programs need its token.`;
    const choice = await sayInformation(message, address, environment);
    if (choice === address) await vscode.env.clipboard.writeText(this.#server?.url ?? '');
    if (choice === environment) await vscode.env.clipboard.writeText(this.copyable['Environment variables'] ?? '');
  }
}
