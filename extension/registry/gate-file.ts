import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { gatesFor, readGates, type Gate, type GateProblem } from '../../schemas/gates.ts';
import { isSystemError, MlflowError } from '../shared/errors.ts';

/** Below a workspace folder. */
export const gateFilePath = join('.mlflow-workbench', 'gates.yaml');

/** A gate file that cannot be gone by. */
export class FaultyGates extends MlflowError {
  readonly path: string;
  /** Counts from 1. */
  readonly line: number;

  constructor(path: string, line: number, problem: GateProblem) {
    super('INVALID_PARAMETER_VALUE', `${basename(path)}:${line}: ${problem.message}. Nothing is promoted by a gate file with mistakes`);
    this.path = path;
    this.line = line;
  }
}

/** The gates of a model; none when there is no file. */
export const readGateFile = async (path: string, name: string): Promise<readonly Gate[]> => {
  const text = await readFile(path, 'utf8').catch(absentIsUndefined);
  if (text === undefined) return [];
  const { gates, problems } = readGates(text);
  const [problem] = problems;
  if (problem !== undefined) throw new FaultyGates(path, text.slice(0, problem.start).split('\n').length, problem);
  return gatesFor(gates, name);
};

const absentIsUndefined = (error: unknown): undefined => {
  if (isSystemError(error, 'ENOENT')) return undefined;
  throw error;
};
