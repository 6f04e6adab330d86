import { MlflowError } from '../../../shared/errors.ts';
import type { Language } from './language.ts';
import { readRunTerm, type RunTerm } from './run-term.ts';

const mostKeys = 10;

export interface RowOrderKey {
  readonly term: RunTerm;
  readonly ascending: boolean;
}

/** `best(metrics.loss) DESC`: a column and perhaps a direction. */
export const readRowOrder = (orderBy: readonly string[], language: Language): readonly RowOrderKey[] => {
  if (orderBy.length > mostKeys) throw new MlflowError('INVALID_PARAMETER_VALUE', `Runs can be ordered by at most ${mostKeys} columns. Got ${orderBy.length}.`);
  return orderBy.map((text) => readKey(text, language));
};

const readKey = (text: string, { directionOf }: Language): RowOrderKey => {
  const { column, ascending } = splitDirection(text);
  const term = readRunTerm(column, directionOf);
  if (term.kind === 'dataset') throw new MlflowError('INVALID_PARAMETER_VALUE', `Runs cannot be ordered by '${text}': a run may have several. Use datasets.`);
  return { term, ascending };
};

export const splitDirection = (text: string): { readonly column: string; readonly ascending: boolean } => {
  const [, column = text, direction] = /^([\s\S]*?)(?:\s+(ASC|DESC))?\s*$/i.exec(text) ?? [];
  return { column, ascending: direction?.toUpperCase() !== 'DESC' };
};
