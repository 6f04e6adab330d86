import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect } from 'vitest';

export const failure = (code: string, message: string | RegExp): object => ({
  code,
  message: typeof message === 'string' ? message : expect.stringMatching(message),
});
export const missing = (message: string): object => failure('RESOURCE_DOES_NOT_EXIST', message);
export const invalid = (message: string | RegExp): object => failure('INVALID_PARAMETER_VALUE', message);

/** What is changed from now on is newer than what was. */
export const nextMillisecond = async (): Promise<void> => {
  for (const start = Date.now(); Date.now() === start;) await nextTurn();
};
