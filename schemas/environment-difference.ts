import { normalizedName, readRequirementLines } from './requirement.ts';

/** A package that two environments do not have alike. */
export interface PackageChange {
  readonly name: string;
  /** As written after the name: `==2.1.0`; empty for any version, undefined where the package is missing. */
  readonly before?: string;
  readonly after?: string;
}

/** Of two texts of pip requirements. */
export const environmentDifference = (before: string, after: string): readonly PackageChange[] => {
  const [earlier, later] = [packagesOf(before), packagesOf(after)];
  const names = [...new Set([...earlier.keys(), ...later.keys()])].toSorted();
  return names
    .filter((name) => earlier.get(name) !== later.get(name))
    .map((name) => {
      const [old, now] = [earlier.get(name), later.get(name)];
      return { name, ...(old !== undefined && { before: old }), ...(now !== undefined && { after: now }) };
    });
};

const packagesOf = (text: string): ReadonlyMap<string, string> =>
  new Map(
    readRequirementLines(text).flatMap((line) =>
      line.kind === 'package' ? [[normalizedName(line.name), line.specifier.replaceAll(/\s+/g, '')] as const] : [],
    ),
  );
