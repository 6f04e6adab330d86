import { readCondaEnv } from './conda-env.ts';
import type { InstalledPackage } from './lsp-protocol.ts';
import { readPythonEnv } from './python-env.ts';
import { verdictOn } from './requirement-check.ts';
import { normalizedName, readRequirementLines } from './requirement.ts';

/** Packages of an environment by their normalized names, each as written behind the name: `==2.1.0`; empty for any version. */
export type Packages = ReadonlyMap<string, string>;

/** A package that two environments do not have alike. */
export interface PackageChange {
  readonly name: string;
  /** As written after the name: `==2.1.0`; empty for any version, undefined where the package is missing. */
  readonly before?: string;
  readonly after?: string;
}

/** Texts of the files by which runs, models and projects name their environment. */
export interface EnvironmentTexts {
  /** requirements.txt */
  readonly requirements?: string | undefined;
  /** conda.yaml */
  readonly conda?: string | undefined;
  /** python_env.yaml */
  readonly pythonEnv?: string | undefined;
}

/** Of two texts of pip requirements. */
export const environmentDifference = (before: string, after: string): readonly PackageChange[] =>
  packageDifference(requiredPackages(before), requiredPackages(after));

export const packageDifference = (before: Packages, after: Packages): readonly PackageChange[] => {
  const names = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  return names
    .filter((name) => before.get(name) !== after.get(name))
    .map((name) => {
      const [old, now] = [before.get(name), after.get(name)];
      return { name, ...(old !== undefined && { before: old }), ...(now !== undefined && { after: now }) };
    });
};

/** All that the files name, Python among it; what pip installs counts more than what conda does. */
export const packagesOf = ({ requirements = '', conda = '', pythonEnv = '' }: EnvironmentTexts): Packages => {
  const python = pythonEnv === '' ? undefined : readPythonEnv(pythonEnv).value.python;
  return new Map([
    ...condaPackages(conda),
    ...(pythonEnv === ''
      ? []
      : requiredPackages(
          readPythonEnv(pythonEnv)
            .value.dependencies.map(({ text }) => text)
            .join('\n'),
        )),
    ...requiredPackages(requirements),
    ...(python === undefined ? [] : [['python', `==${python}`] as const]),
  ]);
};

/** Of a text of pip requirements. */
export const requiredPackages = (text: string): Packages =>
  new Map(
    readRequirementLines(text).flatMap((line) =>
      line.kind === 'package' ? [[normalizedName(line.name), line.specifier.replaceAll(/\s+/g, '')] as const] : [],
    ),
  );

/** `conda-forge::numpy=1.26.4=build`, `numpy>=1.26`, `numpy 1.26.*` */
const condaSpecifier = /^(?:[^:]+::)?([A-Za-z\d_][\w.-]*)\s*(?:\[.*\])?\s*(.*)$/;

/** What conda installs, written as pip would: conda's `=1.26` is any 1.26, and its `=1.26.4` in effect that one. */
const condaPackages = (text: string): Packages => {
  if (text === '') return new Map();
  const { packages, environment } = readCondaEnv(text).value;
  const own = packages.flatMap(({ text: line }) => {
    const [, name, version = ''] = condaSpecifier.exec(line) ?? [];
    return name === undefined ? [] : [[normalizedName(name), pipVersion(version)] as const];
  });
  return new Map([...own, ...requiredPackages(environment.dependencies.map((line) => line.text).join('\n'))]);
};

const pipVersion = (version: string): string => {
  const [, single, build] = /^=?\s*([\d][^\s=<>!,]*)(?:[\s=]+(\S+))?$/.exec(version) ?? [];
  if (single === undefined) return version.replaceAll(/\s+/g, '');
  const isPrefix = version.startsWith('=') && build === undefined && !single.endsWith('*') && single.split('.').length < 3;
  return `==${single}${isPrefix ? '.*' : ''}`;
};

/** What is there, as if it were required to be so. */
export const presentPackages = (installed: readonly InstalledPackage[], python: string): Packages =>
  new Map([...installed.map(({ name, version }) => [normalizedName(name), `==${version}`] as const), ['python', `==${python}`]]);

/** What an environment asks for and another, with what is present in it, does not give. */
export const unmetPackages = (required: Packages, present: Packages): readonly PackageChange[] =>
  [...required].toSorted(byName).flatMap(([name, specifier]) => {
    const there = present.get(name);
    const verdict = there === undefined ? 'missing' : verdictOn(there.replace(/^==/, ''), specifier);
    return verdict === 'met' ? [] : [{ name, before: specifier, ...(there !== undefined && { after: there }) }];
  });

const byName = ([a]: readonly [string, string], [b]: readonly [string, string]): number => (a < b ? -1 : 1);
