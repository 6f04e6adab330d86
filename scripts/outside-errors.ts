/** A reporter of Vitest for errors outside any test, which its JSON report lacks: their stacks, as a JSON list, in the file that the environment names. */
import { writeFileSync } from 'node:fs';
import type { SerializedError } from 'vitest';
import type { Reporter, TestModule } from 'vitest/node';

export const outputVariable = 'MLFLOW_WORKBENCH_OUTSIDE_ERRORS';

/** Vitest makes one of the default export. */
export default class OutsideErrors implements Reporter {
  onTestRunEnd(_modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const output = process.env[outputVariable];
    if (output !== undefined) writeFileSync(output, JSON.stringify(errors.map(({ stack, message }) => stack ?? message)));
  }
}
