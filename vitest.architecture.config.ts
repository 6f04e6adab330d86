import { defineConfig } from 'vitest/config';

/** Part of `npm run check`: needs neither Python nor bundles. One test bundles: on a busy machine that takes more than Vitest's 5 s. */
export default defineConfig({ test: { include: ['test/architecture.test.ts'], testTimeout: 120_000 } });
