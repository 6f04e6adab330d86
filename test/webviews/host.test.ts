import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CompareProtocol, ToHost } from '../../schemas/webview-protocol.ts';
import { createHostClient, heartbeatInterval, stateInterval, type HostChannel, type HostClient } from '../../webviews/shared/host.ts';

let sent: ToHost[];
let kept: unknown[];
let receive: (message: unknown) => void;
let leave: () => void;
let client: HostClient<CompareProtocol>;

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  kept = [];
  const channel: HostChannel = {
    post: (message) => sent.push(message),
    keep: (state) => kept.push(state),
    kept: () => kept.at(-1),
    onMessage: (listener) => {
      receive = listener;
      return () => (receive = () => {});
    },
    onLeaving: (listener) => {
      leave = listener;
      return () => (leave = () => {});
    },
  };
  client = createHostClient<CompareProtocol>(channel);
});

afterEach(() => {
  client.dispose();
  vi.useRealTimers();
});

describe('A request', () => {
  test('is settled by the result with its id', async () => {
    const first = client.request('copy', { text: 'a' });
    const second = client.request('removeRun', { runId: 'b' });
    receive({ kind: 'result', id: 2, result: null });
    receive({ kind: 'failure', id: 1, message: 'The clipboard is full' });
    await expect(second).resolves.toBeNull();
    await expect(first).rejects.toThrow('The clipboard is full');
  });

  test('that is aborted tells the host and rejects with the reason of the signal', async () => {
    const controller = new AbortController();
    const request = client.request('histories', { runIds: [], keys: [], buckets: 1 }, controller.signal);
    controller.abort();
    await expect(request).rejects.toMatchObject({ name: 'AbortError' });
    expect(sent).toContainEqual({ kind: 'cancel', id: 1 });
  });

  test('that was aborted before it began is never sent', async () => {
    await expect(client.request('copy', { text: '' }, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
    expect(sent).toEqual([]);
  });

  test('ignores an answer that comes after it was given up', () => {
    const controller = new AbortController();
    void client.request('copy', { text: '' }, controller.signal).catch(() => {});
    controller.abort();
    expect(() => receive({ kind: 'result', id: 1, result: null })).not.toThrow();
  });
});

test('events go to every listener of their name', () => {
  const seen: string[] = [];
  client.on('failed', ({ message }) => seen.push(`one ${message}`));
  client.on('failed', ({ message }) => seen.push(`two ${message}`));
  receive({ kind: 'event', name: 'failed', payload: { message: 'gone' } });
  receive({ kind: 'event', name: 'unknown', payload: 1 });
  expect(seen).toEqual(['one gone', 'two gone']);
});

test('what is no message of the host is dropped', () => {
  for (const message of [undefined, null, 'ready', 7, {}, { kind: 7 }, []]) expect(() => receive(message)).not.toThrow();
});

test('what the host wants kept is given to VS Code', () => {
  receive({ kind: 'keep', state: { runs: [] } });
  expect(kept).toEqual([{ runs: [] }]);
});

describe('The state of a page', () => {
  const states = (): readonly unknown[] => sent.filter(({ kind }) => kind === 'state').map((message) => 'state' in message && message.state);
  beforeEach(() => {
    client.saveState('first');
    client.saveState('second');
    client.saveState('third');
  });

  test('is posted at once, and then when there is time', () => {
    expect(states()).toEqual(['first']);
    vi.advanceTimersByTime(stateInterval);
    expect(states()).toEqual(['first', 'third']);
    vi.advanceTimersByTime(stateInterval);
    client.saveState('fourth');
    expect(states()).toEqual(['first', 'third', 'fourth']);
  });

  test('is not lost when the page is hidden within this time', () => {
    leave();
    expect(states()).toEqual(['first', 'third']);
    leave();
    vi.advanceTimersByTime(2 * stateInterval);
    expect(states()).toEqual(['first', 'third']);
  });

  test('is known to the host before it is asked for what may hide the page', () => {
    void client.request('copy', { text: '' });
    expect(sent.map(({ kind }) => kind)).toEqual(['state', 'state', 'request']);
    expect(states()).toEqual(['first', 'third']);
  });

  test('is posted by a page that ends', () => {
    client.dispose();
    leave();
    expect(states()).toEqual(['first', 'third']);
  });
});

describe('The heartbeat', () => {
  test('finds a host dead that leaves three beats unanswered, and alive again when it speaks', () => {
    vi.advanceTimersByTime(3 * heartbeatInterval);
    expect(client.alive.value).toBe(true);
    vi.advanceTimersByTime(heartbeatInterval);
    expect(client.alive.value).toBe(false);
    receive({ kind: 'pong' });
    expect(client.alive.value).toBe(true);
  });

  test('never doubts a host that answers', () => {
    for (let beat = 0; beat < 20; beat++) {
      vi.advanceTimersByTime(heartbeatInterval);
      receive({ kind: 'pong' });
      expect(client.alive.value).toBe(true);
    }
  });
});
