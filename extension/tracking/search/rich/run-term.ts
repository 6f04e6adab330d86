import { guessMetricDirection, type DirectionOf, type MetricDirection } from '../../../../schemas/metric-direction.ts';
import type { Int64 } from '../../../../schemas/rest-api.ts';
import { MlflowError } from '../../../shared/errors.ts';
import { tokenize, type Token } from '../lexer.ts';
import { readInteger } from '../operands.ts';
import { groupParts, type Operand } from '../parts.ts';
import { filterKeys, readIdentifier, type RunEntity } from '../run-field.ts';

const invalid = (message: string): MlflowError => new MlflowError('INVALID_PARAMETER_VALUE', message);

const historyFunctions = ['min', 'max', 'mean'] as const;
export type HistoryFunction = (typeof historyFunctions)[number];

/** What a column shows of a run, and what a filter or an order looks at. */
export type RunTerm =
  | { readonly kind: 'attribute' | 'parameter' | 'tag'; readonly key: string }
  /** The latest value. */
  | { readonly kind: 'metric'; readonly key: string }
  /** Of all points but NaN. */
  | { readonly kind: 'history'; readonly of: HistoryFunction; readonly key: string }
  | { readonly kind: 'step'; readonly key: string; readonly step: Int64 }
  /** Conditions hold when one of the run's datasets fulfils them. */
  | { readonly kind: 'dataset'; readonly key: string }
  /** Names of all of them, as one text. */
  | { readonly kind: 'datasets' | 'models' };

/** What a run has beyond what MLflow's own language knows. */
const furtherAttributes = ['duration', 'experiment_id', 'lifecycle_stage'];
export const isFurtherAttribute = (term: RunTerm): boolean => term.kind === 'attribute' && furtherAttributes.includes(term.key);
const attributeKeys = [...filterKeys, ...furtherAttributes];

export const isNumericTerm = (term: RunTerm): boolean =>
  term.kind === 'metric' ||
  term.kind === 'history' ||
  term.kind === 'step' ||
  (term.kind === 'attribute' && ['start_time', 'end_time', 'duration'].includes(term.key));

/** A column: `metrics.loss`, `` params.`a b` ``, `best(metrics.loss)`, `at(metrics.loss, 100)`, `datasets`. */
export const readRunTerm = (text: string, directionOf: DirectionOf = guessMetricDirection): RunTerm => {
  const tokens = tokenize(text).map(asName);
  const parts = groupParts(text, tokens);
  const [part] = parts;
  if (part?.kind !== 'operand' || parts.length > 1 || !isOneWord(part.operand, tokens)) return refuse(text);
  if (part.operand.text === 'datasets' || part.operand.text === 'models') return { kind: part.operand.text };
  return readOperandTerm(part.operand, directionOf) ?? refuse(text);
};

const hint = 'Columns are like metrics.loss, params.`my key` or best(metrics.loss).';
const refuse = (text: string): never => {
  throw invalid(`Invalid column '${text}'. ${hint}`);
};

/** SQL would take a second word for an alias. */
const isOneWord = ({ kind }: Operand, tokens: readonly Token[]): boolean =>
  kind !== 'identifier' || tokens.every(({ start }, index) => start === (tokens[index - 1]?.end ?? start));

/** Some words of SQL are attributes of runs, or may be keys. */
const asName = (token: Token): Token => (token.kind === 'keyword' ? { ...token, kind: 'name' } : token);

/** An identifier or a function call; undefined when it is neither. */
export const readOperandTerm = ({ kind, text }: Operand, directionOf: DirectionOf): RunTerm | undefined => {
  if (kind === 'identifier') return fieldTerm(text);
  const [, name, inner] = /^([a-z]+)\s*\(([\s\S]*)\)$/i.exec(text) ?? [];
  return name === undefined || inner === undefined ? undefined : readCall(name.toLowerCase(), inner, directionOf);
};

const readCall = (name: string, inner: string, directionOf: DirectionOf): RunTerm => {
  const tokens = tokenize(inner);
  const comma = tokens.findLastIndex(({ text }) => text === ',');
  const key = readMetric(name, comma < 0 ? inner : inner.slice(0, tokens[comma]?.start));
  const step = comma < 0 ? undefined : tokens[comma + 1];
  if (name === 'at') {
    if (step?.kind !== 'integer' || tokens.length > comma + 2) throw invalid(`at(…) takes a metric and a step, as in at(metrics.loss, 100). Got '${inner}'`);
    return { kind: 'step', key, step: readInteger({ kind: 'integer', text: step.text }) };
  }
  const of = name === 'best' ? bestOf(directionOf(key)) : historyFunctions.find((known) => known === name);
  if (of === undefined) throw invalid(`Unknown function '${name}'. There are best, min, max, mean and at.`);
  if (comma >= 0) throw invalid(`${name}(…) takes one metric. Got '${inner}'`);
  return { kind: 'history', of, key };
};

const bestOf = (direction: MetricDirection): HistoryFunction => (direction === 'lower' ? 'min' : 'max');

const readMetric = (name: string, text: string): string => {
  const parts = groupParts(text, tokenize(text));
  const [part] = parts;
  const field = part?.kind === 'operand' && part.operand.kind === 'identifier' && parts.length === 1 ? fieldTerm(part.operand.text) : undefined;
  if (field?.kind !== 'metric') throw invalid(`${name}(…) takes a metric, as in ${name}(metrics.loss). Got '${text.trim()}'`);
  return field.key;
};

const kinds = { metric: 'metric', parameter: 'parameter', tag: 'tag', attribute: 'attribute', dataset: 'dataset' } as const satisfies Record<
  RunEntity,
  RunTerm['kind']
>;

const fieldTerm = (text: string): RunTerm => {
  const { entity, key } = readIdentifier(text, attributeKeys);
  return { kind: kinds[entity], key };
};
