import type { Server } from 'node:http';
import { isIP, type AddressInfo } from 'node:net';
import type { Disposable } from '../shared/disposables.ts';
import { MlflowError } from '../shared/errors.ts';
import type { Logger } from '../shared/logger.ts';
import { createGate, type GateOptions } from './gate.ts';
import { createHttpServer } from './http-server.ts';
import { openStore, type OpenStore } from './open-store.ts';
import { Readers } from './readers.ts';
import type { ArtifactPlaces } from './store-components.ts';

export interface TcpServerOptions extends GateOptions, ArtifactPlaces {
  /** Absolute path of a SQLite file, or of a folder as MLflow's `mlruns/`; made when it is not there. */
  readonly path: string;
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  readonly log: Logger;
}

/** ms that requests under way get when the server stops. */
const stopGrace = 5_000;

export const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

/** One store at a TCP port, for programs that need HTTP. */
export class TcpServer implements Disposable {
  readonly #server: Server;
  readonly #readers: Readers;
  readonly #store: OpenStore;
  readonly #host: string;

  /** Resolves once it listens. */
  static async start(options: TcpServerOptions): Promise<TcpServer> {
    checkExposure(options);
    const server = new TcpServer(options);
    await server.#listen(options.port);
    server.#readers.warmUp();
    return server;
  }

  private constructor({ path, host, log, allowedHosts, token, port: _port, ...places }: TcpServerOptions) {
    const gate = { token, ...(allowedHosts !== undefined && { allowedHosts }) };
    this.#host = host;
    this.#readers = new Readers(log);
    this.#store = openStore({ path, create: true }, { log, ...places, readers: this.#readers });
    this.#server = createHttpServer(this.#store.app.fetch, { log, gate: createGate(gate), direct: this.#store.direct });
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://${isIP(this.#host) === 6 ? `[${this.#host}]` : this.#host}:${port}`;
  }

  /** Method and path of all routes, for the test that each is behind the gate. */
  get routes(): readonly { readonly method: string; readonly path: string }[] {
    return this.#store.app.routes;
  }

  /** Lets requests under way end, then closes the store. */
  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => void this.#server.close(() => resolve()));
    // Those that have been answered in this turn of the event loop may not count as idle yet.
    setImmediate(() => this.#server.closeIdleConnections());
    const timer = setTimeout(() => this.#server.closeAllConnections(), stopGrace);
    this.#store.endStreams();
    await closed;
    clearTimeout(timer);
    this.#store.dispose();
    this.#readers.dispose();
  }

  dispose(): void {
    this.#server.close();
    this.#server.closeAllConnections();
    this.#store.dispose();
    this.#readers.dispose();
  }

  async #listen(port: number): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#server.once('error', (error) =>
      reject(new MlflowError('INVALID_STATE', `Cannot listen on ${this.#host}:${port}: ${explainListenError(error)}`, { cause: error })),
    );
    this.#server.listen(port, this.#host, resolve);
    try {
      await promise;
    } catch (error) {
      this.dispose();
      throw error;
    }
  }
}

const explainListenError = (error: Error): string => {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return 'the port is taken by another program. Choose another one, or 0 for any that is free';
  if (code === 'EACCES') return 'this user may not use the port. Choose one above 1023';
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return 'this machine has no such address';
  return error.message;
};

/** Beyond this machine a server asks for a token and knows its names. */
const checkExposure = ({ host, token, allowedHosts }: TcpServerOptions): void => {
  if (allowedHosts?.some((name) => name.includes('*'))) throw new MlflowError('INVALID_PARAMETER_VALUE', 'Allowed hosts are exact names, without wildcards');
  if (isLoopback(host)) return;
  if (token === undefined) throw new MlflowError('INVALID_PARAMETER_VALUE', `A server on ${host} is reachable from other machines: it needs a token`);
  if (allowedHosts === undefined) throw new MlflowError('INVALID_PARAMETER_VALUE', `A server on ${host} needs the names by which it is called (allowed hosts)`);
};
