/** Serves a page to a browser, with the extension's own session behind it: all but VS Code itself. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

import { pageHtml } from '../../extension/host/page-html.ts';
import { createAnswering, type PageBehaviour } from '../../extension/host/page-messages.ts';
import type { Page } from '../../extension/host/page.ts';
import type { Disposable } from '../../extension/shared/disposables.ts';
import { silentLogger } from '../../extension/shared/logger.ts';
import type { LocalConnection } from '../../extension/tracking/local-connection.ts';
import { addressText, type StoreConnections } from '../../extension/tracking/store-connection.ts';
import type { PageProtocol, ToHost, ToPage } from '../../schemas/webview-protocol.ts';
import { repository } from '../tools.ts';

export interface PageHost {
  readonly origin: string;
  close(): Promise<void>;
}

interface Session<P extends PageProtocol> extends Disposable {
  readonly behaviour: PageBehaviour<P>;
}

interface ServedSession<P extends PageProtocol> {
  /** Folder under webviews/. */
  readonly name: string;
  readonly open: (page: Page<P>) => Session<P>;
}

/** One page: loaded again, it is the page that was hidden and is shown again. */
export const servePage = async <P extends PageProtocol>({ name, open }: ServedSession<P>): Promise<PageHost> => {
  const script = await bundleApi();
  let host: OpenedPage | undefined;
  const server = createServer((request, response) => void answer(request, response).catch((error: unknown) => response.destroy(error as Error)));
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [path = '/'] = (request.url ?? '/').split('?');
    // As in VS Code: what is opened with a click begins with it.
    if (path === '/') host ??= openPage(open);
    if (path === '/events') return host?.listen(response);
    if (path === '/message') return host?.receive((await readJson(request)) as ToHost, response);
    const body = path === '/' ? html(originOf(server), name) : path === apiPath ? script : await shipped(path);
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': typeOf(path) });
    response.end(body);
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: originOf(server),
    close: async () => {
      host?.dispose();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
};

const originOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

const typeOf = (path: string): string => {
  if (path === '/') return 'text/html';
  if (path.endsWith('.js')) return 'text/javascript';
  return path.endsWith('.css') ? 'text/css' : 'application/octet-stream';
};

const bundleApi = async (): Promise<Uint8Array | undefined> => {
  const { outputFiles } = await build({ bundle: true, write: false, target: 'chrome134', format: 'esm', entryPoints: ['scripts/bench/page-api.ts'] });
  return outputFiles[0]?.contents;
};

/** What is in the package: the bench builds it before. */
const shipped = async (path: string): Promise<Uint8Array | undefined> =>
  await readFile(join(repository, 'dist', 'webviews', basename(path))).catch(() => undefined);

const apiPath = '/api.js';

/** The page's own HTML, which may here ask this server, and has VS Code's function from it. */
const html = (origin: string, name: string): string =>
  pageHtml({ nonce: 'bench', cspSource: origin, script: `${origin}/${name}.js`, style: `${origin}/${name}.css` })
    .replace("connect-src 'none'", `connect-src ${origin}`)
    .replace('<div id="root">', `<script type="module" nonce="bench" src="${origin}${apiPath}"></script>\n<div id="root">`);

const readJson = async (request: IncomingMessage): Promise<unknown> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
};

interface OpenedPage extends Disposable {
  listen(response: ServerResponse): void;
  receive(message: ToHost, response: ServerResponse): void;
}

const openPage = <P extends PageProtocol>(open: ServedSession<P>['open']): OpenedPage => {
  let events: ServerResponse | undefined;
  const waiting: string[] = [];
  const replies = new Map<number, ServerResponse>();
  const tell = (message: ToPage): void => {
    const line = `data: ${JSON.stringify(message)}\n\n`;
    if (events === undefined) waiting.push(line);
    else events.write(line);
  };
  const post = (message: ToPage): void => {
    if (message.kind === 'result') reply(replies.get(message.id), message.result);
    else if (message.kind === 'failure') replies.get(message.id)?.writeHead(500).end(message.message);
    else tell(message);
  };
  const nobody = { dispose: (): void => {} };
  const page = {
    panel: { title: '', visible: true, onDidDispose: () => nobody, onDidChangeViewState: () => nobody },
    send: (name: string, payload: unknown) => post({ kind: 'event', name, payload }),
    keep: () => {},
    dispose: () => {},
  };
  const session = open(page as unknown as Page<P>);
  const answering = createAnswering(session.behaviour, post, silentLogger);
  return {
    listen: (response) => {
      events?.end();
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      events = response;
      response.on('close', () => {
        if (events === response) events = undefined;
      });
      for (const line of waiting.splice(0)) response.write(line);
    },
    receive: (message, response) => {
      if (message.kind === 'request') replies.set(message.id, response);
      else response.writeHead(204).end();
      answering.receive(message);
    },
    dispose: () => {
      answering.dispose();
      session.dispose();
      events?.end();
    },
  };
};

/** JSON, and the buffers that are in it one after the other, each part after its length: a number of JSON would be ten bytes for eight. */
const reply = (response: ServerResponse | undefined, result: unknown): void => {
  if (response === undefined) return;
  const buffers: ArrayBuffer[] = [];
  const text = JSON.stringify(result, (_key, value: unknown) => (value instanceof ArrayBuffer ? { bufferAt: buffers.push(value) - 1 } : value));
  response.writeHead(200, { 'content-type': 'application/octet-stream' });
  for (const part of [Buffer.from(text), ...buffers.map((buffer) => new Uint8Array(buffer))]) {
    response.write(new Uint8Array(Float64Array.of(part.byteLength).buffer));
    response.write(part);
  }
  response.end();
};

/** A window that has just this store. */
export const windowWith = (connection: LocalConnection): StoreConnections => ({
  all: [connection],
  found: Promise.resolve(),
  onDidChange: () => ({ dispose: () => {} }),
  byId: () => connection,
  byAddress: (address) => (address === addressText(connection.address) ? connection : undefined),
  activeFor: () => connection,
  serverFor: () => undefined,
  ensureFor: async () => connection,
});
