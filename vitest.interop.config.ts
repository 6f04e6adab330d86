import { defineConfig } from 'vitest/config';

/** Against the real mlflow. */
export default defineConfig({
  test: {
    include: ['test/interop/**/*.test.ts'],
    globalSetup: ['test/support/provide-python.ts'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // Jobs, of which no test has any, are eight more Python programs beside each `mlflow server`.
    env: { MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false' },
    pool: 'forks',
    expect: { poll: { timeout: 60_000 } },
    fileParallelism: false,
  },
});
