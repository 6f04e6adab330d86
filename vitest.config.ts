import { defineConfig } from 'vitest/config';

const isFull = process.env['MLFLOW_WORKBENCH_TEST_FULL'] !== undefined;

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/architecture.test.ts', 'test/e2e/**', 'test/interop/**', 'node_modules/**'],
    globalSetup: ['test/support/provide-python.ts'],
    setupFiles: ['test/support/fuzz-length.ts'],
    testTimeout: isFull ? 600_000 : 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
    pool: 'forks',
    // Many tests wait for processes: one worker for each core, where Vitest would leave one core idle.
    maxWorkers: '100%',
  },
});
