import type { ScoringReply, ScoringRequest } from '../../schemas/serve-page.ts';
import type { TypedForm } from './request/form.ts';
import { formats, type Format } from './request/formats.ts';
import { isRecord } from './request/json-text.ts';

export type Mode = 'form' | 'raw';

/** A request and what came back. */
export interface Exchange {
  readonly request: ScoringRequest;
  readonly reply: ScoringReply;
  /** ms since the epoch. */
  readonly time: number;
}

/** What is kept of the page. */
export interface View {
  readonly mode: Mode;
  readonly typed: TypedForm;
  readonly format: Format;
  readonly raw: string;
  readonly history: readonly Exchange[];
}

/** What was kept may be of an older version, or nothing. */
export const readView = (kept: unknown): View | undefined => {
  if (!isRecord(kept) || !isTyped(kept['typed']) || typeof kept['raw'] !== 'string' || !Array.isArray(kept['history'])) return undefined;
  const format = formats.find((known) => known === kept['format']);
  if (format === undefined) return undefined;
  return { mode: kept['mode'] === 'raw' ? 'raw' : 'form', typed: kept['typed'], format, raw: kept['raw'], history: kept['history'].filter(isExchange) };
};

const isTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every((item) => typeof item === 'string');

const isTyped = (value: unknown): value is TypedForm =>
  isRecord(value) &&
  Array.isArray(value['rows']) &&
  value['rows'].every(isTexts) &&
  isTexts(value['tensors']) &&
  isRecord(value['params']) &&
  isTexts(Object.values(value['params']));

const isExchange = (value: unknown): value is Exchange =>
  isRecord(value) &&
  typeof value['time'] === 'number' &&
  isRecord(value['request']) &&
  typeof value['request']['body'] === 'string' &&
  isRecord(value['reply']) &&
  typeof value['reply']['body'] === 'string';
