import * as vscode from 'vscode';

import type { ServedModelState, ServePage } from '../../../schemas/serve-page.ts';
import type { Served, ServedState } from '../../host/serving-view.ts';
import { readSetting } from '../../host/settings.ts';
import type { Disposable } from '../../shared/disposables.ts';
import { Emitter } from '../../shared/emitter.ts';
import { errorMessage } from '../../shared/errors.ts';
import type { StoreConnections } from '../../tracking/store-connection.ts';
import { ModelServer, type ServingSite } from '../model-server.ts';
import { needsStore } from '../model-reference.ts';
import type { ServingRequest } from '../serving-folder.ts';

export interface ServedModelOptions {
  readonly site: ServingSite;
  readonly stores: StoreConnections;
}

/** Beside 5000, which tracking servers like to have. */
const usualPort = 5001;

/** A model that is served, from its first start to its end; it can be started again. */
export class ServedModel implements Served {
  readonly kind = 'modelServer';
  readonly open = 'mlflow.models.openServer';
  readonly id: string;
  readonly request: ServingRequest;
  readonly #options: ServedModelOptions;
  readonly #changed = new Emitter<void>();
  #server: ModelServer | undefined;
  #listening: Disposable | undefined;
  #failure: string | undefined;
  #isStarting = false;
  #outside: { readonly port: number; readonly address: string } | undefined;

  readonly onDidChangeState = this.#changed.event;

  constructor(id: string, request: ServingRequest, options: ServedModelOptions) {
    this.id = id;
    this.request = request;
    this.#options = options;
  }

  /** One that an earlier window has started. */
  static adopt(server: ModelServer, options: ServedModelOptions): ServedModel {
    const served = new ServedModel(server.plan.id, server.plan.request, options);
    served.#follow(server);
    return served;
  }

  get label(): string {
    return this.request.label;
  }

  get server(): ModelServer | undefined {
    return this.#server;
  }

  get isKept(): boolean {
    return this.#server?.state.isKept ?? false;
  }

  /** On this machine; undefined while it does not answer. */
  get port(): number | undefined {
    const state = this.#server?.state;
    return state?.phase === 'ready' ? state.port : undefined;
  }

  get hasEnded(): boolean {
    return !this.#isStarting && (this.#server === undefined || this.#server.hasEnded);
  }

  get modelState(): ServedModelState {
    if (this.#failure !== undefined) return { kind: 'failed', message: this.#failure };
    const state = this.#server?.state;
    if (this.#isStarting || state === undefined) return { kind: this.#isStarting ? 'starting' : 'stopped' };
    switch (state.phase) {
      case 'ready':
        return { kind: 'ready', since: state.since, address: addressOf(state.port), ...this.#outsideOf(state.port) };
      case 'failed':
        return { kind: 'failed', ...state.failure };
      default:
        return { kind: state.phase };
    }
  }

  get state(): ServedState {
    const state = this.modelState;
    return state.kind === 'stopped' ? { kind: 'stopping' } : state;
  }

  get page(): ServePage {
    const { label, modelUri, interpreter, manager, model } = this.request;
    const store = model.storeId === undefined ? undefined : this.#options.stores.byId(model.storeId);
    return { label, modelUri, interpreter, manager, source: store?.label ?? '', state: this.modelState, isKept: this.isKept };
  }

  get details(): readonly string[] {
    const { modelUri, interpreter, manager } = this.request;
    const { outside } = this.#outsideOf(this.port);
    const environment = manager === 'local' ? interpreter : `an environment made by ${manager}`;
    return [
      modelUri,
      `in ${environment}`,
      ...(outside === undefined ? [] : [`From outside: ${outside}`]),
      ...(this.isKept ? ['Goes on when the window is closed'] : []),
    ];
  }

  get copyable(): Readonly<Record<string, string>> {
    const state = this.modelState;
    if (state.kind !== 'ready') return { 'Model URI': this.request.modelUri };
    return {
      'Model URI': this.request.modelUri,
      'Address for predictions': `${state.address}/invocations`,
      ...(state.outside !== undefined && { 'Address from outside': state.outside }),
    };
  }

  /** At the port that it had before, where that is still free. */
  async start(): Promise<void> {
    const last = this.#server;
    if (this.#isStarting) return;
    this.#isStarting = true;
    this.#failure = undefined;
    this.#changed.fire();
    try {
      await this.#end(last);
      const { model, workspaceFolder, modelUri } = this.request;
      const store = await this.#storeFor(model.storeId, modelUri, workspaceFolder);
      const start = {
        request: this.request,
        allowed: readSetting('mlflow.serving.variables', vscode.Uri.file(workspaceFolder)),
        port: portOf(last) ?? usualPort,
        isKept: last?.state.isKept ?? false,
        ...(store !== undefined && { store }),
      };
      this.#isStarting = false;
      this.#follow(await ModelServer.start(start, this.#options.site));
    } catch (error) {
      this.#failure = errorMessage(error);
      throw error;
    } finally {
      this.#isStarting = false;
      this.#changed.fire();
    }
  }

  /** Its row goes at once, and its files once all of it has ended. */
  stop(): void {
    this.#failure = undefined;
    void this.#end(this.#server);
  }

  keep(isKept: boolean): void {
    this.#server?.keep(isKept);
  }

  /** The window closes: the server goes on for as long as its supervisor lets it. */
  leave(): void {
    this.#listening?.dispose();
    this.#server?.dispose();
    this.#changed.dispose();
  }

  async #end(server: ModelServer | undefined): Promise<void> {
    if (server === undefined) return;
    server.stop();
    await server.untilEnded();
    await server.folder.remove();
  }

  async #storeFor(storeId: ServingRequest['model']['storeId'], modelUri: string, folder: string) {
    if (storeId !== undefined) return this.#options.stores.byId(storeId)?.address;
    const active = this.#options.stores.activeFor(folder);
    return (needsStore(modelUri) ? (active ?? (await this.#options.stores.ensureFor(folder))) : active)?.address;
  }

  /** Only where it is another address: in a remote window. */
  #outsideOf(port: number | undefined): { readonly outside?: string } {
    if (port === undefined || this.#outside?.port !== port || this.#outside.address === addressOf(port)) return {};
    return { outside: this.#outside.address };
  }

  #follow(server: ModelServer): void {
    this.#listening?.dispose();
    this.#server?.dispose();
    this.#server = server;
    this.#listening = server.onDidChange(() => void this.#onChanged(server));
    void this.#onChanged(server);
  }

  async #onChanged(server: ModelServer): Promise<void> {
    this.#changed.fire();
    const port = this.port;
    if (port === undefined || this.#outside?.port === port) return;
    const external = await vscode.env.asExternalUri(vscode.Uri.parse(addressOf(port)));
    if (this.#server !== server) return;
    this.#outside = { port, address: external.toString(true).replace(/\/$/, '') };
    this.#changed.fire();
  }
}

const addressOf = (port: number): string => `http://127.0.0.1:${port}`;

const portOf = (server: ModelServer | undefined): number | undefined => {
  if (server === undefined) return undefined;
  return 'port' in server.state ? server.state.port : server.plan.port;
};
