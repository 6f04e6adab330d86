import { defineConfig } from 'vitest/config';

/** Against the real mlflow: Python comes from MLFLOW_WORKBENCH_TEST_PYTHON. */
export default defineConfig({
  test: {
    include: ['test/interop/**/*.test.ts'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    pool: 'forks',
    fileParallelism: false,
  },
});
