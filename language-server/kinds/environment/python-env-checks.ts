import { readPythonEnvDocument, type PythonEnvProblem, type PythonEnvReading } from '../../../schemas/python-env.ts';
import { asMapping, asScalar, effectiveEntries, keyText, spanOf, type YamlMapping } from '../../../schemas/yaml-tree.ts';
import type { Document } from '../../document.ts';
import { insertEntry, localFix, quotedText, removeEntry } from '../../edits.ts';
import type { Finding, Fix } from '../../finding.ts';
import { nearest } from '../../nearest.ts';
import { allEntries } from '../../path.ts';
import { folderOf } from '../../project-path.ts';
import type { Check } from '../kind.ts';
import { yamlFixes } from '../yaml-fixes.ts';
import { addDependency, removeItem, startMapping } from './edits.ts';
import { checkRequirements, installsMlflow } from './requirement-checks.ts';

export const reading = (document: Document): PythonEnvReading => document.derive(readReading);

const readReading = (document: Document): PythonEnvReading => readPythonEnvDocument(document.yaml);

const rootOf = (document: Document): YamlMapping | undefined => asMapping(document.yaml.root);

/** What MLflow refuses, each with its way out. */
export const checkReading: Check = (document) => reading(document).problems.map((problem) => ({ ...problem, fixes: fixesOf(document, problem) }));

const fixesOf = (document: Document, problem: PythonEnvProblem): readonly Fix[] => {
  const source = document.text.slice(problem.start, problem.end);
  switch (problem.code) {
    case 'python-env-not-mapping':
      return startMapping(document, 'python: "3.12"\ndependencies:\n  - mlflow\n');
    case 'python-version-type':
      return versionFixes(document, problem, source);
    case 'python-env-key':
      return keyFixes(document, problem);
    case 'dependencies-not-list':
      return asListFix(document, problem);
    case 'dependency-not-text':
      return [...pinnedFixes(document, problem), ...removeItem(document, problem, 'Remove it')];
    default:
      return yamlFixes(document, problem);
  }
};

/** `3.10`, `3:10`, `["3.12"]` */
const versionFixes = (document: Document, problem: PythonEnvProblem, source: string): readonly Fix[] => {
  const version = /^(?:\[\s*["']?)?(\d+(?:[.:]\d+)*)(?:["']?\s*\])?$/.exec(source)?.[1]?.replaceAll(':', '.');
  return version === undefined ? [] : [{ ...localFix(document, `Quote it: "${version}"`, document.edit(problem, quotedText(version))), isPreferred: true }];
};

const keyFixes = (document: Document, problem: PythonEnvProblem): readonly Fix[] => {
  const root = rootOf(document);
  const entry = root?.entries.find(({ key }) => key.start === problem.start && key.end === problem.end);
  if (root === undefined || entry === undefined) return [];
  const present = new Set(root.entries.map(keyText));
  const known = ['python', 'build_dependencies', 'dependencies'].filter((key) => !present.has(key));
  const suggestion = nearest(keyText(entry), known) ?? (/^(?:pip|requirements|packages|install_requires)$/.test(keyText(entry)) ? known.at(-1) : undefined);
  const change =
    suggestion === undefined ? [] : [{ ...localFix(document, `Change to '${suggestion}'`, document.edit(entry.key, suggestion)), isPreferred: true }];
  return [...change, localFix(document, `Remove '${keyText(entry)}'`, removeEntry(document, root, entry)), ...renameFix(document, present)];
};

/** A conda environment under the wrong name. */
const renameFix = (document: Document, keys: ReadonlySet<string>): readonly Fix[] => {
  if (!keys.has('channels') && !keys.has('name')) return [];
  return [{ title: 'Rename to conda.yaml', edits: {}, renameFile: { from: document.uri, to: `${folderOf(document.uri)}/conda.yaml` } }];
};

export const asListFix = (document: Document, { start, end }: { readonly start: number; readonly end: number }): readonly Fix[] => {
  const source = document.text.slice(start, end);
  return source.includes('\n') || /^[[{]/.test(source)
    ? []
    : [{ ...localFix(document, 'Make it a list', document.edit({ start, end }, `[${source}]`)), isPreferred: true }];
};

/** `numpy: 2.1.0` was meant as `numpy==2.1.0`. */
export const pinnedFixes = (document: Document, { start, end }: { readonly start: number; readonly end: number }, operator = '=='): readonly Fix[] => {
  const mapping = [...allEntries(document.yaml.root)].map((found) => found.mapping).find((candidate) => candidate.start === start && candidate.end === end);
  const [entry] = mapping?.entries ?? [];
  const version = asScalar(entry?.value)?.text;
  if (mapping?.entries.length !== 1 || entry === undefined || version === undefined || !/^[\w.*]+$/.test(version)) return [];
  const meant = `${keyText(entry)}${operator}${version}`;
  return [{ ...localFix(document, `Change to '${meant}'`, document.edit({ start, end }, meant)), isPreferred: true }];
};

/** Offered where no version can be guessed. */
const currentPython = '3.12';

/** What `pyenv` and `uv` find for it. */
export const checkVersion: Check = (document) => {
  const node = effectiveEntries(rootOf(document)).get('python')?.value;
  const { python } = reading(document).value;
  if (node === undefined || python === undefined || /^\d+\.\d{2,}(?:\.\d+\w*)?$|^3\.[4-9](?:\.\d+\w*)?$|^2\.7(?:\.\d+)?$/.test(python)) return [];
  const span = spanOf(node);
  if (/^\d+(?:\.\d?)?$/.test(python)) {
    const message = `MLflow takes the newest Python whose version starts with '${python}': ${python.startsWith('3.1') || python === '3' || python === '3.' ? 'that may be any of several' : 'there may be none'}.`;
    const meant = /^3\.[12]$/.test(python) ? `${python}0` : currentPython;
    return [{ code: 'python-version', ...span, message, fixes: [localFix(document, `Change to "${meant}"`, document.edit(node, quotedText(meant)))] }];
  }
  const version = /\d+\.\d+(?:\.\d+)?/.exec(python)?.[0] ?? currentPython;
  const fixes = [localFix(document, `Change to "${version}"`, document.edit(node, quotedText(version)))];
  return [
    {
      code: 'python-version',
      ...span,
      message: 'MLflow takes no ranges here: a version is `x.y` or `x.y.z`.',
      mlflow: `Could not find python version that matches ${python}`,
      fixes,
    },
  ];
};

export const checkDependencies: Check = async (document, { files }) => {
  const { buildDependencies, dependencies } = reading(document).value;
  const found = await Promise.all([buildDependencies, dependencies].map(async (lines) => checkRequirements(document, files, lines)));
  return [...found.flat(), ...(await missingMlflow(document, files))];
};

const missingMlflow = async (document: Document, files: Parameters<typeof installsMlflow>[1]): Promise<readonly Finding[]> => {
  const { buildDependencies, dependencies } = reading(document).value;
  const root = rootOf(document);
  const entry = effectiveEntries(root).get('dependencies');
  if (root === undefined || root.entries.length === 0 || (await installsMlflow(document, files, [...buildDependencies, ...dependencies])) !== false) return [];
  const span = entry?.key ?? root.entries[0]?.key ?? root;
  const fix =
    entry === undefined
      ? localFix(document, 'Add mlflow', insertEntry(document, root, 'dependencies', '[mlflow]'))
      : addDependency(document, root, entry, 'mlflow');
  return [
    {
      code: 'mlflow-missing',
      ...spanOf(span),
      message: 'mlflow is not among the dependencies, and MLflow does not add it.',
      mlflow: "ModuleNotFoundError: No module named 'mlflow'",
      fixes: fix === undefined ? [] : [fix],
    },
  ];
};
