import type { Logger } from '../shared/logger.ts';
import { ServingFolder } from './serving-folder.ts';
import { ServingSupervision } from './serving-supervision.ts';

/**
 * The program between windows of the editor and the server of a model, one for each: `serving-supervisor <folder>`.
 * It says `ready` on stdout; stderr is its log. Its environment is the one that the server gets.
 */
const main = async (path: string): Promise<void> => {
  const folder = new ServingFolder(path);
  const plan = await folder.readPlan();
  if (plan === undefined) throw new Error(`'${path}' holds no plan of a server`);
  const supervision = new ServingSupervision({ folder, plan, log, onReady: () => process.stdout.write('ready\n') });
  process.on('SIGINT', supervision.requestStop);
  process.on('SIGTERM', supervision.requestStop);
  // The window may be gone before it has heard `ready`.
  process.stdout.on('error', () => {});
  // A closing terminal is no reason to end it.
  process.on('SIGHUP', () => {});
  await supervision.run();
};

const write = (message: string): void => void process.stderr.write(`${new Date().toISOString()} ${message}\n`);
const log: Logger = { error: write, warn: write, info: write, debug: () => {} };

const [, , path = ''] = process.argv;
void main(path).then(
  () => process.exit(0),
  (error: unknown) => {
    log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
    process.exit(1);
  },
);
