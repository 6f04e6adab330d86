import type { InstalledPackage } from './lsp-protocol.ts';
import { normalizedName, readRequirementLines } from './requirement.ts';

/** How what is installed stands to what is required. `unknown`: the requirement names no version that could be compared. */
export type PackageVerdict = 'met' | 'differs' | 'missing' | 'unknown';

export interface PackageCheck {
  readonly name: string;
  /** `==2.1.0`; empty for any version. */
  readonly required: string;
  readonly installed?: string;
  readonly verdict: PackageVerdict;
}

/** The packages of a requirements.txt, one by one, against those of an environment. */
export const checkRequirements = (requirements: string, installed: readonly InstalledPackage[]): readonly PackageCheck[] => {
  const versions = new Map(installed.map(({ name, version }) => [normalizedName(name), version]));
  return readRequirementLines(requirements).flatMap((line) => {
    if (line.kind !== 'package') return [];
    const version = versions.get(normalizedName(line.name));
    const check = { name: line.name, required: line.specifier };
    return [version === undefined ? { ...check, verdict: 'missing' as const } : { ...check, installed: version, verdict: verdictOn(version, line.specifier) }];
  });
};

/** Whether a version is one that a specifier (`>=1,<2`) allows. */
export const verdictOn = (version: string, specifier: string): Exclude<PackageVerdict, 'missing'> => {
  const results = specifier.split(',').flatMap((clause) => (clause.trim() === '' ? [] : [isMet(version, clause.trim())]));
  if (results.includes(false)) return 'differs';
  return results.includes(undefined) ? 'unknown' : 'met';
};

/** PEP 440 for what MLflow and people write; undefined for what it would take more to compare. */
const isMet = (version: string, clause: string): boolean | undefined => {
  const [, operator = '', wanted = ''] = /^(===|~=|==|!=|<=|>=|<|>)\s*(.+)$/.exec(clause) ?? [];
  if (operator === '===') return version === wanted;
  if (wanted.endsWith('.*')) return isPrefixMet(version, operator, wanted.slice(0, -2));
  // What follows a plus is the build of somebody's own.
  const [have, want] = [releaseOf(version.split('+')[0] ?? version), releaseOf(wanted)];
  if (have === undefined || want === undefined) return version === wanted ? operator !== '!=' : undefined;
  const order = compareReleases(have, want);
  switch (operator) {
    case '==':
      return order === 0;
    case '!=':
      return order !== 0;
    case '<=':
      return order <= 0;
    case '>=':
      return order >= 0;
    case '<':
      return order < 0;
    case '>':
      return order > 0;
    case '~=':
      return order >= 0 && want.slice(0, -1).every((part, index) => (have[index] ?? 0) === part);
    default:
      return undefined;
  }
};

const isPrefixMet = (version: string, operator: string, prefix: string): boolean | undefined => {
  const isBelow = version === prefix || version.startsWith(`${prefix}.`);
  if (operator === '==') return isBelow;
  return operator === '!=' ? !isBelow : undefined;
};

/** Undefined for pre-releases and the like. */
const releaseOf = (version: string): readonly number[] | undefined =>
  /^v?\d+(\.\d+)*$/.test(version) ? version.replace(/^v/, '').split('.').map(Number) : undefined;

const compareReleases = (a: readonly number[], b: readonly number[]): number => {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
};
