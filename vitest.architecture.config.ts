import { defineConfig } from 'vitest/config';

/** Part of `npm run check`: needs neither Python nor bundles. */
export default defineConfig({ test: { include: ['test/architecture.test.ts'] } });
