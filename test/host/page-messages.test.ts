import { expect, test } from 'vitest';

import { createAnswering, type Answering } from '../../extension/host/page-messages.ts';
import { silentLogger } from '../../extension/shared/logger.ts';
import type { PageProtocol, ToPage } from '../../schemas/webview-protocol.ts';

interface EchoProtocol extends PageProtocol {
  readonly requests: {
    readonly echo: { readonly params: string; readonly result: string };
    readonly fail: { readonly params: null; readonly result: null };
    readonly wait: { readonly params: null; readonly result: null };
  };
  readonly events: { readonly changed: null };
}

interface Conversation {
  readonly answering: Answering;
  readonly sent: readonly ToPage[];
  readonly heard: readonly unknown[];
  readonly aborted: Promise<void>;
}

const converse = (): Conversation => {
  const sent: ToPage[] = [];
  const heard: unknown[] = [];
  const { promise: aborted, resolve } = Promise.withResolvers<void>();
  const answering = createAnswering<EchoProtocol>(
    {
      requests: {
        echo: async (text) => text,
        fail: () => Promise.reject(new Error('It does not work')),
        wait: (_, signal) =>
          new Promise((_resolve, reject) =>
            signal.addEventListener('abort', () => {
              resolve();
              reject(new Error('aborted'));
            }),
          ),
      },
      onReady: () => heard.push('ready'),
      onState: (state) => heard.push(state),
    },
    (message) => sent.push(message),
    silentLogger,
  );
  return { answering, sent, heard, aborted };
};

test('a request is answered under its id', async () => {
  const { answering, sent } = converse();
  answering.receive({ kind: 'request', id: 7, method: 'echo', params: 'hello' });
  await expect.poll(() => sent).toEqual([{ kind: 'result', id: 7, result: 'hello' }]);
});

test('a failure reaches the page in words', async () => {
  const { answering, sent } = converse();
  answering.receive({ kind: 'request', id: 1, method: 'fail', params: null });
  await expect.poll(() => sent).toEqual([{ kind: 'failure', id: 1, message: 'It does not work' }]);
});

test.each(['cancel', 'ready'])('%s ends what is going on, without an answer', async (kind) => {
  const { answering, sent, aborted } = converse();
  answering.receive({ kind: 'request', id: 1, method: 'wait', params: null });
  answering.receive(kind === 'cancel' ? { kind, id: 1 } : { kind });
  await aborted;
  answering.receive({ kind: 'request', id: 2, method: 'echo', params: 'next' });
  await expect.poll(() => sent).toEqual([{ kind: 'result', id: 2, result: 'next' }]);
});

test.each([
  undefined,
  null,
  'ready',
  {},
  { kind: 'unknown' },
  { kind: 'request', method: 'echo' },
  { kind: 'request', id: '1', method: 'echo' },
  { kind: 'request', id: 1, method: 'toString' },
  { kind: 'request', id: 1, method: '__proto__' },
  { kind: 'cancel' },
])('what is not part of the protocol is dropped: %j', (message) => {
  const { answering, sent, heard } = converse();
  answering.receive(message);
  expect([sent, heard]).toEqual([[], []]);
});

test('readiness, state and heartbeat', () => {
  const { answering, sent, heard } = converse();
  answering.receive({ kind: 'ready' });
  answering.receive({ kind: 'state', state: { zoom: 2 } });
  answering.receive({ kind: 'ping' });
  expect([heard, sent]).toEqual([['ready', { zoom: 2 }], [{ kind: 'pong' }]]);
});
