import { once } from 'node:events';
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** What befalls a request on its way to the server, or its answer on the way back. */
export type Fault =
  | { readonly kind: 'answer'; readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  /** The connection is reset before the server has seen anything. */
  | { readonly kind: 'reset' }
  /** The server has done what was asked, and its answer is lost. */
  | { readonly kind: 'loseAnswer' }
  /** The answer ends in the middle. */
  | { readonly kind: 'cut' }
  /** The answer comes after so many ms. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** Nothing happens before a test says what. */
  | { readonly kind: 'hold'; readonly until: Promise<Exclude<Fault, { kind: 'hold' }> | undefined> };

/** A page to sign in on, as a proxy of a company puts in the place of what was asked for. */
export const signInPage: Fault = { kind: 'answer', status: 200, headers: { 'content-type': 'text/html' }, body: '<title>Sign in to Example</title>' };

export interface FaultProxy {
  readonly url: string;
  /** `METHOD /path` of each request that came, in order. */
  readonly requests: readonly string[];
  /** Asked for each request; undefined lets it pass. */
  fault: (request: string) => Fault | undefined;
  close(): Promise<void>;
}

/** Faults for the first requests whose text matches; whatever comes after them passes. */
export const faultsFor = (pattern: RegExp, ...faults: readonly Fault[]): FaultProxy['fault'] => {
  const left = [...faults];
  return (request) => (pattern.test(request) ? left.shift() : undefined);
};

/** A proxy in front of a real server that lets through, spoils or loses what a test wants. */
export const startFaultProxy = async (target: string): Promise<FaultProxy> => {
  const requests: string[] = [];
  const server = createServer((incoming, outgoing) => {
    const text = `${incoming.method} ${new URL(incoming.url ?? '/', target).pathname}`;
    requests.push(text);
    pass({ incoming, outgoing, target }, proxy.fault(text)).catch(() => incoming.socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy: FaultProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    fault: () => undefined,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return proxy;
};

interface Exchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly target: string;
}

const pass = async (exchange: Exchange, wanted: Fault | undefined): Promise<void> => {
  const { incoming, outgoing } = exchange;
  const fault = wanted?.kind === 'hold' ? await wanted.until : wanted;
  if (fault?.kind === 'reset') return void incoming.socket.resetAndDestroy();
  if (fault?.kind === 'answer') return void outgoing.writeHead(fault.status, fault.headers).end(fault.body ?? '');
  const { answer, body } = await askServer(exchange);
  if (fault?.kind === 'loseAnswer') return void incoming.socket.resetAndDestroy();
  if (fault?.kind === 'delay') await delay(fault.ms);
  const { connection: _, 'transfer-encoding': __, ...headers } = answer.headers;
  outgoing.writeHead(answer.statusCode ?? 502, { ...headers, 'content-length': body.length });
  if (fault?.kind !== 'cut') return void outgoing.end(body);
  outgoing.write(body.subarray(0, Math.floor(body.length / 2)), () => incoming.socket.resetAndDestroy());
};

const askServer = async ({ incoming, target }: Exchange): Promise<{ readonly answer: IncomingMessage; readonly body: Buffer }> => {
  const { host: _, ...headers } = incoming.headers;
  const onward = forward(new URL(incoming.url ?? '/', target), { method: incoming.method ?? 'GET', headers });
  incoming.pipe(onward);
  const [answer] = (await once(onward, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return { answer, body: Buffer.concat(chunks) };
};
