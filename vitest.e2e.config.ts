import { defineConfig } from 'vitest/config';

/** In a real VS Code with the packed extension; one at a time, two windows on two cores gain nothing. */
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.test.ts'],
    globalSetup: ['test/support/provide-python.ts', 'test/support/provide-editor.ts'],
    testTimeout: 400_000,
    expect: { poll: { timeout: 60_000, interval: 200 } },
    hookTimeout: 240_000,
    // Jobs, of which no test has any, are eight more Python programs beside each `mlflow server`.
    env: { MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false' },
    pool: 'forks',
    fileParallelism: false,
  },
});
