import type { Logger } from '../shared/logger.ts';
import { RunFolder } from './run-folder.ts';
import { createOpenTrackingStore } from './run-store.ts';
import { Supervision } from './supervision.ts';

/**
 * The program that outlives the editor, one for each run: `supervisor <folder of the run> <server script>`.
 * It says `ready` on stdout; stderr is its log.
 */
const main = async (path: string, serverScript: string): Promise<void> => {
  const folder = new RunFolder(path);
  const plan = await folder.readPlan();
  if (plan === undefined) throw new Error(`'${path}' holds no plan of a run`);
  const openStore = createOpenTrackingStore({ serverScript, log });
  const supervision = new Supervision({ folder, plan, openStore, log, onReady: () => process.stdout.write('ready\n') });
  process.on('SIGINT', supervision.requestStop);
  process.on('SIGTERM', supervision.requestStop);
  // The window may be gone before it has heard `ready`.
  process.stdout.on('error', () => {});
  // Nor does a full disk that takes no more of the log.
  process.stderr.on('error', () => {});
  // A closing terminal is no reason to end a run.
  process.on('SIGHUP', () => {});
  await supervision.run();
};

const write = (message: string): void => void process.stderr.write(`${new Date().toISOString()} ${message}\n`);
const log: Logger = { error: write, warn: write, info: write, debug: () => {} };

const [, , path = '', serverScript = ''] = process.argv;
void main(path, serverScript).then(
  () => process.exit(0),
  (error: unknown) => {
    log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
    process.exit(1);
  },
);
