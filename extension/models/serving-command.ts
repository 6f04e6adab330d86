import type { Command } from '../shared/process.ts';
import type { ServingRequest } from './serving-folder.ts';

/** Seconds that MLflow gives a prediction. */
const predictionTimeout = 600;

/** `mlflow models serve`, on this machine only. */
export const servingCommand = ({ interpreter, modelUri, manager, workspaceFolder }: ServingRequest, port: number, env: Record<string, string>): Command => ({
  file: interpreter,
  args: [
    ...['-m', 'mlflow', 'models', 'serve'],
    ...['--model-uri', modelUri],
    ...['--env-manager', manager],
    ...['--host', '127.0.0.1', '--port', String(port)],
    ...['--timeout', String(predictionTimeout)],
  ],
  cwd: workspaceFolder,
  env,
});
