import { environmentDifference, type PackageChange } from '../../schemas/environment-difference.ts';
import { signatureDifference, type SignatureChange } from '../../schemas/signature-difference.ts';
import type { DirectionOf } from '../../schemas/metric-direction.ts';
import type { VersionSnapshot } from './version-snapshot.ts';

/** A value that two versions may have differently; undefined where one does not have it. */
export interface ValueChange<Value> {
  readonly key: string;
  readonly before: Value | undefined;
  readonly after: Value | undefined;
}

export interface MetricChange extends ValueChange<number> {
  /** Undefined where there is nothing to compare. */
  readonly isBetter: boolean | undefined;
}

export interface VersionDifference {
  /** All of them: equal ones say something, too. */
  readonly metrics: readonly MetricChange[];
  /** Those that differ. */
  readonly params: readonly ValueChange<string>[];
  readonly signature: readonly SignatureChange[];
  readonly packages: readonly PackageChange[];
  /** Dataset names with digests that only one of them has. */
  readonly data: readonly ValueChange<string>[];
  readonly commits: ValueChange<string> | undefined;
}

export const versionDifference = (before: VersionSnapshot, after: VersionSnapshot): VersionDifference => {
  const commit = changesOf(commitOf(before), commitOf(after))[0];
  return {
    metrics: valuesOf(before.metrics, after.metrics).map((change) => ({ ...change, isBetter: isBetter(change, after.directionOf) })),
    params: changesOf(before.params, after.params),
    signature: signatureDifference(before.signature, after.signature),
    packages: environmentDifference(before.requirements, after.requirements),
    data: changesOf(datasetsOf(before), datasetsOf(after)),
    commits: commit,
  };
};

const valuesOf = <Value>(before: ReadonlyMap<string, Value>, after: ReadonlyMap<string, Value>): readonly ValueChange<Value>[] =>
  [...new Set([...before.keys(), ...after.keys()])].toSorted().map((key) => ({ key, before: before.get(key), after: after.get(key) }));

const changesOf = <Value>(before: ReadonlyMap<string, Value>, after: ReadonlyMap<string, Value>): readonly ValueChange<Value>[] =>
  valuesOf(before, after).filter((change) => change.before !== change.after);

const isBetter = ({ key, before, after }: ValueChange<number>, directionOf: DirectionOf): boolean | undefined => {
  if (before === undefined || after === undefined || Number.isNaN(before - after) || before === after) return undefined;
  return directionOf(key) === 'lower' ? after < before : after > before;
};

const commitTag = 'mlflow.source.git.commit';

const commitOf = ({ run }: VersionSnapshot): ReadonlyMap<string, string> =>
  new Map(run?.tags.flatMap(({ key, value }) => (key === commitTag ? [['commit', value] as const] : [])));

const datasetsOf = ({ run }: VersionSnapshot): ReadonlyMap<string, string> => new Map(run?.datasetInputs.map(({ dataset }) => [dataset.name, dataset.digest]));
