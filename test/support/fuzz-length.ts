import { configureGlobal } from 'fast-check';

/** Properties are tried on 100 random inputs, on 10,000 in `npm run test:full`. */
if (process.env['MLFLOW_WORKBENCH_TEST_FULL'] !== undefined) configureGlobal({ numRuns: 10_000 });
