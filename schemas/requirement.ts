/** One line of what pip installs. Offsets are those of the line. */
export type Requirement =
  | { readonly kind: 'package'; readonly name: string; /** `==2.1.0`, `>=1,<2`; empty for any version. */ readonly specifier: string; readonly nameEnd: number }
  /** `-r file` and `-c file`; `isConstraint` for the second. */
  | { readonly kind: 'file'; readonly path: string; readonly isConstraint: boolean; readonly start: number; readonly end: number }
  /** Other options, addresses, and paths of packages: what they install is not known. */
  | { readonly kind: 'other' }
  | { readonly kind: 'empty' }
  /** pip refuses it; `meant` is what was probably meant. */
  | { readonly kind: 'invalid'; readonly reason: string; readonly meant?: string };

const filePattern = /^(?:(-r|-c)\s*|(--requirement|--constraint)(?:\s+|\s*=\s*))(\S.*)$/;
const namePattern = /^([A-Za-z\d](?:[\w.-]*[A-Za-z\d])?)\s*(?:\[[^\]]*\])?/;
const specifierPattern = /^(?:===\s*\S+|(?:~=|==|!=|<=|>=|<|>)\s*[\w.*+!-]+)(?:\s*,\s*(?:(?:===|~=|==|!=|<=|>=|<|>)\s*[\w.*+!-]+))*\s*,?$/;

/** Comments as MLflow cuts them off: a space and a number sign. */
export const readRequirement = (line: string): Requirement => {
  const text = line.replace(/(?:^|\s)#.*$/s, '').trim();
  if (text === '') return { kind: 'empty' };
  const file = filePattern.exec(text);
  if (file !== null) {
    const path = file[3] ?? '';
    const start = line.indexOf(path, line.indexOf(text));
    return { kind: 'file', path, isConstraint: /^--?c/.test(text), start, end: start + path.length };
  }
  if (/^[-./~]|^\w+(?:\+\w+)?:\/\/|^file:|\.(?:whl|zip|tar\.gz)$|^[A-Za-z]:\\/.test(text)) return { kind: 'other' };
  return readPackage(text, line.indexOf(text));
};

const readPackage = (text: string, offset: number): Requirement => {
  const [whole = '', name = ''] = namePattern.exec(text) ?? [];
  if (name === '') return { kind: 'invalid', reason: 'a requirement starts with the name of a package' };
  const rest = text.slice(whole.length).split(';', 1)[0]?.trim() ?? '';
  const specifier = /^\((.*)\)$/.exec(rest)?.[1]?.trim() ?? rest;
  if (specifier.startsWith('@')) return { kind: 'other' };
  // Hashes and other options of a line.
  const versions = specifier.split(/\s--?\w/, 1)[0]?.trim() ?? '';
  if (versions === '' || specifierPattern.test(versions)) return { kind: 'package', name, specifier: versions, nameEnd: offset + whole.length };
  return { kind: 'invalid', ...explain(whole.trim(), versions) };
};

const explain = (name: string, versions: string): { reason: string; meant?: string } => {
  const single = /^=\s*([\w.*+!-]+)$/.exec(versions);
  if (single !== null) return { reason: "pip writes `==`, a single `=` is conda's", meant: `${name}==${single[1] ?? ''}` };
  const bare = /^v?(\d[\w.*]*)$/.exec(versions);
  if (bare !== null) return { reason: 'the version needs an operator such as `==`', meant: `${name}==${bare[1] ?? ''}` };
  const joined = versions.replaceAll(/([\w*])\s*(?=[<>!~=]=?)/g, '$1,');
  if (specifierPattern.test(joined)) return { reason: 'a comma is missing between the versions', meant: `${name}${joined}` };
  if (/^[^\w\s]?=/.test(versions)) return { reason: `\`${versions}\` is no version` };
  return { reason: 'pip reads one package in a line' };
};

/** Names that differ in case, dashes, dots and underscores only are the same package. */
export const normalizedName = (name: string): string => name.toLowerCase().replaceAll(/[-_.]+/g, '-');

/** The requirements of a requirements.txt, line by line, with lines that end in a backslash joined. */
export const readRequirementLines = (text: string): readonly Requirement[] =>
  text
    .replaceAll(/\\\r?\n/g, ' ')
    .split(/\r?\n/)
    .map(readRequirement);
