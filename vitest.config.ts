import { defineConfig } from 'vitest/config';

const isFull = process.env['MLFLOW_WORKBENCH_TEST_FULL'] !== undefined;

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/architecture.test.ts', 'test/e2e/**', 'test/interop/**', 'node_modules/**'],
    globalSetup: ['test/support/provide-python.ts'],
    setupFiles: ['test/support/fuzz-length.ts'],
    testTimeout: isFull ? 600_000 : 40_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 10_000 } },
    pool: 'forks',
  },
});
