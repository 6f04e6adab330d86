import { defineConfig } from 'vitest/config';

/** In a real VS Code with the packed extension; one at a time, two windows on two cores gain nothing. */
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.test.ts'],
    globalSetup: ['test/support/provide-python.ts', 'test/support/provide-editor.ts'],
    testTimeout: 400_000,
    expect: { poll: { timeout: 60_000, interval: 200 } },
    hookTimeout: 240_000,
    pool: 'forks',
    fileParallelism: false,
  },
});
