import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import type { Disposable } from './disposables.ts';

/**
 * The line between a supervisor (of a run, of a model's server) and the windows of the editor. The supervisor
 * says `changed` when its files have changed, a window says what it wants in one word. A connection that stands
 * means that the other end lives, whatever became of process ids; when it closes, the files have the last word.
 */

/** A name that only this user can open, short enough for a Unix socket's limit of about 100 bytes. */
export const newControlAddress = async (): Promise<string> =>
  process.platform === 'win32' ? `\\\\.\\pipe\\mlflow-run-${randomBytes(16).toString('hex')}` : join(await mkdtemp(join(tmpdir(), 'mlflow-run-')), 'control');

export const removeControlAddress = async (address: string): Promise<void> => {
  if (process.platform !== 'win32') await rm(dirname(address), { recursive: true, force: true });
};

export interface ControlServer extends Disposable {
  tellChanged(): void;
}

export interface ControlClients {
  /** What a window wants; never a part of a word. */
  onWord(word: string): void;
  /** So many windows are connected now. */
  onCount?(count: number): void;
}

export const serveControl = async (address: string, clients: ControlClients): Promise<ControlServer> => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    clients.onCount?.(sockets.size);
    socket.once('close', () => {
      sockets.delete(socket);
      clients.onCount?.(sockets.size);
    });
    socket.on('error', () => socket.destroy());
    readWords(socket, (word) => clients.onWord(word));
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(address, resolve);
  await promise;
  return {
    tellChanged: () => sockets.forEach((socket) => socket.write('changed\n')),
    dispose: () => {
      server.close();
      sockets.forEach((socket) => socket.destroy());
    },
  };
};

/** One word a line, however the lines come. */
const readWords = (socket: Socket, onWord: (word: string) => void): void => {
  let rest = '';
  socket.on('data', (data) => {
    const lines = (rest + data.toString()).split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(onWord);
  });
};

export interface ControlConnection extends Disposable {
  send(word: string): void;
}

export interface ControlListener {
  onChanged(): void;
  /** The supervisor has ended, in order or not. Not called after `dispose`. */
  onClosed(): void;
}

/** Undefined when nobody listens: the supervisor has ended. Rejects when that cannot be told: a run that goes on must not be taken for lost. */
export const connectControl = async (address: string, listener: ControlListener): Promise<ControlConnection | undefined> => {
  const socket = createConnection(address);
  const { promise, resolve, reject } = Promise.withResolvers<boolean>();
  socket.once('connect', () => resolve(true));
  socket.once('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') resolve(false);
    else reject(error);
  });
  if (!(await promise)) return undefined;
  const onClose = (): void => listener.onClosed();
  socket.on('error', () => socket.destroy());
  socket.on('data', () => listener.onChanged());
  socket.once('close', onClose);
  socket.unref();
  return {
    send: (word) => void socket.write(`${word}\n`),
    dispose: () => {
      socket.off('close', onClose);
      socket.destroy();
    },
  };
};
