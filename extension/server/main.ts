/** The tracking server of a window: `server.cjs --socket <path>`. Ends when its stdin does, that is, with its starter. */
import { chmodSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createHttpServer } from './http-server.ts';
import { stderrLogger } from './stderr-logger.ts';
import { WindowApp } from './window-app.ts';

const { socket } = parseArgs({ options: { socket: { type: 'string' } } }).values;
if (socket === undefined) throw new Error('--socket <path> is missing');

const log = stderrLogger('debug');
const app = new WindowApp(log);
const server = createHttpServer(app.fetch, { log });

const stop = (): void => {
  app.dispose();
  process.exit(0);
};

server.on('error', (error) => {
  log.error(error.message);
  process.exit(1);
});
server.listen(socket, () => {
  if (process.platform !== 'win32') chmodSync(socket, 0o600);
  process.stdout.write(`${JSON.stringify({ ready: true })}\n`);
});
process.stdin.on('end', stop).on('error', stop).resume();
process.on('SIGTERM', stop);
// A Ctrl-C in the terminal that the editor was started from is not for this process: its starter decides.
process.on('SIGINT', () => {});
