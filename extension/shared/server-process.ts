import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { storesPath, type OpenStoreReply, type OpenStoreRequest } from '../../schemas/workbench-api.ts';
import type { Disposable } from './disposables.ts';
import { Emitter } from './emitter.ts';
import { errorMessage, MlflowError } from './errors.ts';
import type { HttpClient, HttpRequest } from './http.ts';
import type { Logger } from './logger.ts';
import { nodeCommand, start, type RunningProcess } from './process.ts';
import { socketClient } from './rest-client.ts';

export type ServerState =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'starting' }
  | { readonly kind: 'running'; readonly pid: number }
  /** It does not come up, or crashed too often; the next request tries again. */
  | { readonly kind: 'failed'; readonly message: string };

export interface OpenedStore {
  readonly reply: OpenStoreReply;
  /** Below the store's root. Goes on working after a restart of the server; a request in between waits for it. */
  readonly http: HttpClient;
}

/** ms; a server takes a tenth of a second to start, a busy machine longer. */
const readyTimeout = 30_000;
const restartDelays = [0, 100, 500, 2_000, 5_000] as const;
/** ms of running after which a crash counts as the first one again. */
const steadyAfter = 60_000;

/**
 * The tracking server of a window: a child process, started with the first store, found crashed and
 * started again, with the same stores. It ends with this process, whose pipe to its stdin then closes.
 */
export class ServerProcess implements Disposable {
  readonly #script: string;
  readonly #log: Logger;
  readonly #compiled: string | undefined;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #stores = new Map<string, OpenStoreRequest>();
  readonly #stateChanged = new Emitter<ServerState>();
  #folder: string | undefined;
  #state: ServerState = { kind: 'stopped' };
  #running: Promise<HttpClient> | undefined;
  #child: RunningProcess | undefined;
  #crashes = 0;
  #disposed = false;

  readonly onDidChangeState = this.#stateChanged.event;

  /** `script` is the bundled server's file name; `compiled` a folder of this user's, for what spares the next start the compiling. */
  constructor(script: string, log: Logger, compiled?: string) {
    this.#script = script;
    this.#log = log;
    this.#compiled = compiled;
  }

  get state(): ServerState {
    return this.#state;
  }

  /** Opens a store (the same one twice is one store); rejects with the reason when the file is none. */
  async openStore(request: OpenStoreRequest): Promise<OpenedStore> {
    const server = await this.#ready();
    const reply = toReply(await server.json({ method: 'POST', path: storesPath, json: request }));
    const folders = new Set([...(this.#stores.get(reply.storeId)?.artifactFolders ?? []), ...(request.artifactFolders ?? [])]);
    this.#stores.set(reply.storeId, { path: request.path, artifactFolders: [...folders] });
    return { reply, http: this.#clientOf(`/stores/${reply.storeId}`) };
  }

  /** The server itself, beside its stores. */
  get http(): HttpClient {
    return this.#clientOf('');
  }

  async closeStore(storeId: string): Promise<void> {
    if (!this.#stores.delete(storeId)) return;
    await this.#clientOf(storesPath).json({ method: 'DELETE', path: `/${storeId}` });
  }

  dispose(): void {
    this.#disposed = true;
    this.#child?.stdin?.end();
    this.#agent.destroy();
    this.#setState({ kind: 'stopped' });
    this.#stateChanged.dispose();
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Waits until the server runs before each request. */
  #clientOf(base: string): HttpClient {
    const ready = async (request: HttpRequest): Promise<[HttpClient, HttpRequest]> => [await this.#ready(), { ...request, path: base + request.path }];
    return {
      json: async (request) => {
        const [server, based] = await ready(request);
        return server.json(based);
      },
      bytes: async (request) => {
        const [server, based] = await ready(request);
        return server.bytes(based);
      },
      stream: async (request) => {
        const [server, based] = await ready(request);
        return server.stream(based);
      },
    };
  }

  #ready(): Promise<HttpClient> {
    if (this.#disposed) return Promise.reject(new MlflowError('TEMPORARILY_UNAVAILABLE', 'The tracking server has been stopped'));
    this.#running ??= this.#startUntilItRuns();
    return this.#running;
  }

  async #startUntilItRuns(): Promise<HttpClient> {
    this.#setState({ kind: 'starting' });
    try {
      await delay(restartDelays[this.#crashes] ?? 0);
      const server = await this.#startOnce();
      await this.#reopenStores(server);
      if (this.#child === undefined) throw new MlflowError('TEMPORARILY_UNAVAILABLE', 'The tracking server ended while it opened its stores');
      this.#setState({ kind: 'running', pid: this.#child.pid });
      return server;
    } catch (error) {
      this.#running = undefined;
      this.#setState({ kind: 'failed', message: errorMessage(error) });
      throw error;
    }
  }

  async #startOnce(): Promise<HttpClient> {
    const socketPath = this.#newSocketPath();
    const command = nodeCommand(this.#script, ['--socket', socketPath]);
    const env = { ...command.env, ...(this.#compiled !== undefined && { NODE_COMPILE_CACHE: this.#compiled }) };
    const child = await start({ ...command, env }, { streams: ['pipe', 'pipe', 'pipe'] });
    this.#child = child;
    const since = Date.now();
    const lastLines = this.#logLines(child);
    void child.ended.then(({ code, signal }) => this.#onEnd(child, `exit code ${code ?? signal}`, Date.now() - since));
    await firstLine(child, lastLines);
    // Without this a request at the moment of a disposal would leave the child behind.
    if (this.#disposed) child.stdin?.end();
    return socketClient(socketPath, '', this.#agent);
  }

  #onEnd(child: RunningProcess, how: string, age: number): void {
    if (this.#disposed || child !== this.#child) return;
    this.#child = undefined;
    this.#running = undefined;
    this.#crashes = age > steadyAfter ? 1 : this.#crashes + 1;
    this.#log.warn(`The tracking server has ended (${how})`);
    if (this.#state.kind !== 'running') return;
    if (this.#crashes < restartDelays.length) this.#ready().catch((error: unknown) => this.#log.error(errorMessage(error)));
    else this.#setState({ kind: 'failed', message: `The tracking server ended ${this.#crashes} times in a row (${how})` });
  }

  async #reopenStores(server: HttpClient): Promise<void> {
    for (const json of this.#stores.values()) {
      await server
        .json({ method: 'POST', path: storesPath, json })
        .catch((error: unknown) => this.#log.warn(`Cannot open ${json.path} again: ${errorMessage(error)}`));
    }
  }

  /** A new name each time: a server that is still ending may hold the old one. */
  #newSocketPath(): string {
    const name = randomBytes(6).toString('hex');
    if (process.platform === 'win32') return `\\\\.\\pipe\\mlflow-workbench-${name}${randomBytes(10).toString('hex')}`;
    this.#folder ??= mkdtempSync(join(tmpdir(), 'mlflow-workbench-'));
    return join(this.#folder, `${name}.sock`);
  }

  /** The last lines of stderr, for the message when the server does not come up. */
  #logLines({ stderr }: RunningProcess): readonly string[] {
    const lines: string[] = [];
    if (stderr === null) return lines;
    createInterface({ input: stderr }).on('line', (line) => {
      this.#log.debug(`tracking server: ${line}`);
      lines.push(line);
      if (lines.length > 30) lines.shift();
    });
    return lines;
  }

  #setState(state: ServerState): void {
    this.#state = state;
    this.#stateChanged.fire(state);
  }
}

/** The server writes one line once it listens. */
const firstLine = async (child: RunningProcess, lastLines: readonly string[]): Promise<void> => {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  if (child.stdout !== null) createInterface({ input: child.stdout }).once('line', () => resolve());
  const fail = (how: string): void => reject(new MlflowError('TEMPORARILY_UNAVAILABLE', `The tracking server does not start: ${errorLine(lastLines) ?? how}`));
  void child.ended.then(({ code, signal }) => fail(`it ended with ${code ?? signal}`));
  const timer = setTimeout(() => fail(`it is not ready after ${readyTimeout / 1000} s`), readyTimeout);
  try {
    await promise;
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  } finally {
    clearTimeout(timer);
  }
};

/** Of a stack trace the line that says what happened. */
const errorLine = (lines: readonly string[]): string | undefined => lines.find((line) => /^(\w*Error|error)\b/.test(line)) ?? lines.at(-1);

const toReply = ({ storeId, path, kind, revision, readOnlyReason, canUpgrade, notice }: Record<string, unknown>): OpenStoreReply => ({
  storeId: String(storeId),
  path: String(path),
  kind: kind === 'files' ? 'files' : 'sqlite',
  revision: typeof revision === 'string' ? revision : null,
  ...(typeof readOnlyReason === 'string' && { readOnlyReason, canUpgrade: canUpgrade === true }),
  ...(typeof notice === 'string' && { notice }),
});
