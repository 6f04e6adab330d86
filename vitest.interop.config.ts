import { defineConfig } from 'vitest/config';

/** Against the real mlflow. */
export default defineConfig({
  test: {
    include: ['test/interop/**/*.test.ts'],
    globalSetup: ['test/support/provide-python.ts'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    pool: 'forks',
    expect: { poll: { timeout: 60_000 } },
    fileParallelism: false,
  },
});
