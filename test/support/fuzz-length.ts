import { configureGlobal } from 'fast-check';

/** Properties are tried on 100 inputs, the same each time; in `npm run test:full` on 10,000, new ones each time (a failure tells their seed). */
configureGlobal(process.env['MLFLOW_WORKBENCH_TEST_FULL'] === undefined ? { seed: 20_261_125 } : { numRuns: 10_000 });
