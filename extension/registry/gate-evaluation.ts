import { formatDelta, formatNumber } from '../../schemas/format.ts';
import type { Gate, Improvement, MetricGate, TagGate } from '../../schemas/gates.ts';
import type { DirectionOf, MetricDirection } from '../../schemas/metric-direction.ts';
import type { ModelSignature } from '../../schemas/model-signature.ts';
import { signatureDifference, type SignatureChange } from '../../schemas/signature-difference.ts';
import type { Tag } from '../tracking/run.ts';

/** What gates ask of a version. */
export interface GateSubject {
  readonly metrics: ReadonlyMap<string, number>;
  readonly tags: readonly Tag[];
  readonly signature: ModelSignature | undefined;
  /** As the experiment of its run says it, else guessed. */
  readonly directionOf: DirectionOf;
}

export interface GateResult {
  /** What was checked: `rmse`, `tag team`, `signature`. */
  readonly check: string;
  readonly passed: boolean;
  /** Why, in words with the numbers. */
  readonly detail: string;
}

/** Each check of each gate. Without a champion there is nothing to be better than, and nobody who calls it. */
export const evaluateGates = (gates: readonly Gate[], candidate: GateSubject, champion: GateSubject | undefined): readonly GateResult[] =>
  gates.flatMap(({ metrics, tags, signature }) => [
    ...metrics.flatMap((metric) => checkMetric(metric, candidate, champion)),
    ...tags.map((tag) => checkTag(tag, candidate)),
    ...(signature === undefined ? [] : [checkSignature(signature, candidate, champion)]),
  ]);

export const hasPassed = (results: readonly GateResult[]): boolean => results.every(({ passed }) => passed);

const checkMetric = (gate: MetricGate, candidate: GateSubject, champion: GateSubject | undefined): readonly GateResult[] => {
  const { key, min, max, improvement, better = candidate.directionOf(key) } = gate;
  const value = candidate.metrics.get(key);
  const result = (passed: boolean, detail: string): GateResult => ({ check: key, passed, detail });
  if (value === undefined) return [result(false, `the run of the candidate has no metric ${key}`)];
  if (Number.isNaN(value)) return [result(false, 'is NaN')];
  return [
    ...(min === undefined ? [] : [result(value >= min, `${formatNumber(value)}, at least ${formatNumber(min)} is asked for`)]),
    ...(max === undefined ? [] : [result(value <= max, `${formatNumber(value)}, at most ${formatNumber(max)} is asked for`)]),
    ...(improvement === undefined
      ? []
      : [improved({ key, better }, improvement, { value, before: champion?.metrics.get(key), hasChampion: champion !== undefined })]),
  ];
};

interface Values {
  readonly value: number;
  readonly before: number | undefined;
  readonly hasChampion: boolean;
}

const improved = (
  { key, better }: { readonly key: string; readonly better: MetricDirection },
  improvement: Improvement,
  { value, before, hasChampion }: Values,
): GateResult => {
  const result = (passed: boolean, detail: string): GateResult => ({ check: key, passed, detail });
  if (!hasChampion) return result(true, `${formatNumber(value)}, there is no champion to compare with`);
  if (before === undefined || Number.isNaN(before)) return result(true, `${formatNumber(value)}, the champion has none`);
  const gain = better === 'lower' ? before - value : value - before;
  const asked = improvement.kind === 'share' ? improvement.by * Math.abs(before) : improvement.by;
  const askedText =
    asked === 0
      ? 'no worse is asked for'
      : `better by ${improvement.kind === 'share' ? `${formatNumber(improvement.by * 100)}%` : formatNumber(asked)} is asked for`;
  return result(
    gain >= asked - rounding(value, before),
    `${formatNumber(value)} after ${formatNumber(before)} (${formatDelta(value - before)}, ${better} is better), ${askedText}`,
  );
};

/** 0.3 − 0.2 is a little less than 0.1: nobody means that. */
const rounding = (...values: readonly number[]): number => 1e-12 * Math.max(...values.map(Math.abs));

const checkTag = ({ key, value }: TagGate, { tags }: GateSubject): GateResult => {
  const found = tags.find((tag) => tag.key === key)?.value;
  const check = `tag ${key}`;
  if (found === undefined) return { check, passed: false, detail: 'the candidate does not have it' };
  if (value === undefined || found === value) return { check, passed: true, detail: found };
  return { check, passed: false, detail: `is ${found}, ${value} is asked for` };
};

const checkSignature = (asked: NonNullable<Gate['signature']>, candidate: GateSubject, champion: GateSubject | undefined): GateResult => {
  const check = 'signature';
  if (candidate.signature === undefined && (asked === 'present' || champion?.signature !== undefined))
    return { check, passed: false, detail: 'the candidate has none' };
  if (asked === 'present') return { check, passed: true, detail: 'is there' };
  if (champion?.signature === undefined) return { check, passed: true, detail: champion === undefined ? 'there is no champion' : 'the champion has none' };
  const breaking = signatureDifference(champion.signature, candidate.signature).filter(({ breaks }) => breaks);
  return breaking.length === 0
    ? { check, passed: true, detail: 'callers of the champion can call the candidate' }
    : { check, passed: false, detail: `callers of the champion fail: ${breaking.map(changeText).join('; ')}` };
};

/** `inputs sulphates added (double)` */
export const changeText = ({ part, name, kind, before, after }: SignatureChange): string => {
  const what = name === '' ? part : `${part} ${name}`;
  if (kind === 'changed') return `${what} changed from ${before ?? ''} to ${after ?? ''}`;
  return `${what} ${kind} (${after ?? before ?? ''})`;
};
