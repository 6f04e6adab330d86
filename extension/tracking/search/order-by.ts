import { MlflowError } from '../../shared/errors.ts';
import { tokenize } from './lexer.ts';
import { groupParts } from './parts.ts';

export interface OrderKey {
  /** As it was written: `` metrics.`a b` ``. */
  readonly identifier: string;
  readonly ascending: boolean;
}

/** `metrics.rmse DESC`: one identifier and perhaps a direction. */
export const readOrderKey = (text: string): OrderKey => {
  const refuse = (): MlflowError => new MlflowError('INVALID_PARAMETER_VALUE', `Invalid order_by clause '${text}'. Could not be parsed.`);
  // The column `timestamp` is a word of SQL; MLflow makes an exception for it.
  const tokens = tokenize(text).map((token) => (token.text === 'timestamp' ? { ...token, kind: 'name' as const } : token));
  const [part, ...rest] = groupParts(text, tokens);
  if (part?.kind !== 'operand' || part.operand.kind !== 'identifier' || rest.length > 0) throw refuse();
  const last = tokens.at(-1);
  const isOrdered = last?.kind === 'order' && tokens.length > 1;
  const identifier = text.slice(part.start, isOrdered ? last.start : part.end).trim();
  const [, secondWord] = groupParts(text, isOrdered ? tokens.slice(0, -1) : tokens);
  if (secondWord !== undefined) throw refuse();
  if (isOrdered && last.text.includes(' ')) throw refuse();
  const names = withoutQuoted(identifier).split(/\s+/);
  if (names.length === 2 && !isOrdered) throw new MlflowError('INVALID_PARAMETER_VALUE', `Invalid ordering key in order_by clause '${text}'.`);
  if (names.length > 1) throw refuse();
  return { identifier, ascending: !isOrdered || last.text.toLowerCase() === 'asc' };
};

const withoutQuoted = (text: string): string => text.replaceAll(/`[^`]*`|"[^"]*"|'[^']*'/g, 'x');
