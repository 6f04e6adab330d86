import { checkInterpreter } from '../../shared/interpreter.ts';
import type { Logger } from '../../shared/logger.ts';
import type { Interpreters } from './interpreters.ts';

/** The folder's Python, where it has mlflow. */
export const createFindMlflow =
  (interpreters: Interpreters, log: Logger) =>
  async (folder: string, signal?: AbortSignal): Promise<{ readonly path: string; readonly mlflow: string } | undefined> => {
    const interpreter = await interpreters.find(folder);
    if (interpreter === undefined) return undefined;
    const check = await checkInterpreter(interpreter.path, signal);
    log.info(`Python for ${folder}: ${interpreter.path}, ${check.kind === 'ready' ? `mlflow ${check.mlflow}` : check.kind}`);
    return check.kind === 'ready' ? { path: interpreter.path, mlflow: check.mlflow } : undefined;
  };
