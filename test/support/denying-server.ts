import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** In front of a server: what is denied is answered as mlflow's own basic-auth answers it, the rest goes through. */
export const startDenyingServer = async (target: string, isDenied: (method: string, path: string) => boolean): Promise<string> => {
  const server = createServer((asked, reply) => {
    const { method = 'GET', url = '/', headers } = asked;
    if (isDenied(method, url)) {
      reply.writeHead(403, { 'content-type': 'text/html; charset=utf-8' }).end('Permission denied');
      return;
    }
    const forwarded = request(new URL(url, target), { method, headers: { ...headers, host: new URL(target).host } }, (answer) => {
      reply.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.on('error', () => reply.destroy()).pipe(reply);
    });
    // Either side may go at any time: who watches for changes is still connected when the server is stopped.
    forwarded.on('error', () => reply.destroy());
    reply.on('close', () => forwarded.destroy());
    asked.pipe(forwarded);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};
