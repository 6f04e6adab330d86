import { pythonEnvironment, pythonOf } from '../../scripts/tools.ts';

/** Vitest's global set-up of the suites that need Python: makes the environment once and names it to the workers. */
export const setup = async (): Promise<void> => {
  process.env['MLFLOW_WORKBENCH_TEST_PYTHON'] ??= pythonOf(await pythonEnvironment());
};
