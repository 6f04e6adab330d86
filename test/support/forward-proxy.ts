import { once } from 'node:events';
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ForwardProxy {
  readonly url: string;
  /** `host:port` of what was asked for, in order. */
  readonly asked: readonly string[];
  /** Asks who somebody is, in the place of everything. */
  refuses: boolean;
  close(): Promise<void>;
}

/** A proxy as companies have them, for absolute addresses and for tunnels. It takes one server for every host, so that names need not exist. */
export const startForwardProxy = async (target: string): Promise<ForwardProxy> => {
  const asked: string[] = [];
  const inTunnels = createServer((incoming, outgoing) => pass(incoming, outgoing, target));
  const server = createServer((incoming, outgoing) => {
    asked.push(new URL(incoming.url ?? '/', 'http://none').host);
    if (proxy.refuses) outgoing.writeHead(407, { 'proxy-authenticate': 'Basic realm="office"' }).end();
    else pass(incoming, outgoing, target);
  });
  server.on('connect', (incoming, socket) => {
    asked.push(incoming.url ?? '');
    if (proxy.refuses) socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="office"\r\n\r\n');
    else {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      inTunnels.emit('connection', socket);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy: ForwardProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    refuses: false,
    close: async () => {
      for (const each of [inTunnels, server]) each.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return proxy;
};

const pass = (incoming: IncomingMessage, outgoing: ServerResponse, target: string): void => {
  const { pathname, search } = new URL(incoming.url ?? '/', target);
  const { host: _, 'proxy-connection': __, ...headers } = incoming.headers;
  const onward = forward(new URL(pathname + search, target), { method: incoming.method ?? 'GET', headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on('error', () => outgoing.destroy());
  incoming.pipe(onward);
};
