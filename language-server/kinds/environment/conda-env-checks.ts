import { readCondaEnvDocument, type CondaEnvProblem, type CondaEnvReading } from '../../../schemas/conda-env.ts';
import { normalizedName } from '../../../schemas/requirement.ts';
import { asMapping, asScalar, asSequence, effectiveEntries, keyText, spanOf, type YamlEntry, type YamlMapping } from '../../../schemas/yaml-tree.ts';
import type { Document } from '../../document.ts';
import { localFix } from '../../edits.ts';
import type { Finding, Fix } from '../../finding.ts';
import type { Check } from '../kind.ts';
import { yamlFixes } from '../yaml-fixes.ts';
import { addDependency, removeItem, startMapping } from './edits.ts';
import { asListFix, pinnedFixes } from './python-env-checks.ts';
import { checkRequirements, installsMlflow, replaceText } from './requirement-checks.ts';

export const reading = (document: Document): CondaEnvReading => document.derive(readReading);

const readReading = (document: Document): CondaEnvReading => readCondaEnvDocument(document.yaml);

const dependenciesEntry = (document: Document): YamlEntry | undefined => effectiveEntries(asMapping(document.yaml.root)).get('dependencies');

/** What MLflow refuses for virtualenv and uv, each with its way out. */
export const checkReading: Check = (document) => reading(document).problems.map((problem) => ({ ...problem, fixes: fixesOf(document, problem) }));

const fixesOf = (document: Document, problem: CondaEnvProblem): readonly Fix[] => {
  const source = document.text.slice(problem.start, problem.end);
  switch (problem.code) {
    case 'conda-env-not-mapping':
      return startMapping(document, 'dependencies:\n  - python=3.12\n  - pip\n  - pip:\n      - mlflow\n');
    case 'conda-dependencies':
      if (source === 'dependencies') return addPython(document);
      return source.includes(':') ? pairsAsList(document, problem) : asListFix(document, problem);
    case 'dependencies-not-list':
      return source.includes(':') || source === 'dependencies' ? [] : asListFix(document, problem);
    case 'conda-dependency':
      return [...pinnedFixes(document, problem, '='), ...removeItem(document, problem, 'Remove it')];
    case 'dependency-not-text':
      return [...pinnedFixes(document, problem), ...removeItem(document, problem, 'Remove it')];
    case 'conda-python-unpinned':
      return [localFix(document, "Change to 'python=3.12'", replaceText(document, problem, 'python', 'python=3.12'))];
    case 'conda-python-operator':
      return pinFixes(document, problem);
    default:
      return yamlFixes(document, problem);
  }
};

const addPython = (document: Document): readonly Fix[] => {
  const root = asMapping(document.yaml.root);
  const entry = dependenciesEntry(document);
  const fix = root === undefined || entry === undefined ? undefined : addDependency(document, root, entry, 'python=3.12');
  return fix === undefined ? [] : [fix];
};

/** `python: 3.12` for each package, as npm and poetry have it. */
const pairsAsList = (document: Document, problem: CondaEnvProblem): readonly Fix[] => {
  const entries = asMapping(dependenciesEntry(document)?.value)?.entries ?? [];
  const items = entries.map(({ key, value }) => `${asScalar(key)?.text ?? ''}=${asScalar(value)?.text ?? ''}`);
  if (items.length === 0 || !items.every((item) => /^[\w.-]+=[\w.*]+$/.test(item))) return [];
  return [localFix(document, 'Make it a list', document.edit(problem, `[${items.join(', ')}]`))];
};

/** The version that a range names, as a pin. */
const pinFixes = (document: Document, span: { readonly start: number; readonly end: number }): readonly Fix[] => {
  const source = document.text.slice(span.start, span.end);
  const text = source.replaceAll(/^["']|["']$/g, '');
  const version = /\d+\.\d+(?:\.\d+)?/.exec(text)?.[0];
  return version === undefined
    ? []
    : [{ ...localFix(document, `Change to 'python=${version}'`, replaceText(document, span, text, `python=${version}`)), isPreferred: true }];
};

export const checkPython: Check = (document) => {
  const { environment, leftOut, packages } = reading(document).value;
  const key = dependenciesEntry(document)?.key;
  const dropped = leftOut.filter(({ text }) => /^(?:[\w-]+::)?python(?![\w-])/.test(text));
  if (key === undefined || environment.python !== undefined || packages.some(({ text }) => text === 'python')) return [];
  if (dropped.length === 0) {
    const hasRange = reading(document).problems.some(({ code }) => code === 'conda-python-operator');
    return hasRange
      ? []
      : [
          {
            code: 'conda-python-missing',
            ...spanOf(key),
            message: 'No version of Python: with virtualenv and uv MLflow takes the one that runs mlflow.',
            fixes: asSequence(dependenciesEntry(document)?.value) === undefined ? [] : addPython(document),
          },
        ];
  }
  return dropped.map((line): Finding => ({
    code: 'conda-python-dropped',
    ...spanOf(line),
    message: `With virtualenv and uv MLflow does not understand '${line.text}' and takes the Python that runs mlflow.`,
    mlflow: 'does not include a python version specification. Using the current python version',
    fixes: pinFixes(document, line),
  }));
};

export const checkPackages: Check = (document) => {
  const { leftOut, packages, pipLists } = reading(document).value;
  const dropped = leftOut.filter(({ text }) => !/^(?:[\w-]+::)?python(?![\w-])/.test(text));
  const hasPip = packages.some(({ text }) => /^(?:[\w-]+::)?pip(?![\w-])/.test(text));
  const [firstList] = pipLists;
  return [
    ...dropped.map((line): Finding => ({
      code: 'conda-package-dropped',
      ...spanOf(line),
      message: `Only conda installs '${line.text}': MLflow drops it for virtualenv and uv.`,
      mlflow: `The following conda dependencies will not be installed in the resulting environment: ['${line.text}']`,
      fixes: moveToPip(document, line),
    })),
    ...pipLists.slice(0, -1).map((span): Finding => ({
      code: 'conda-pip-twice',
      ...spanOf(span),
      message: 'MLflow ignores this list: another one for pip follows.',
      tag: 'unnecessary',
      fixes: removePipList(document, span),
    })),
    ...(firstList === undefined || hasPip ? [] : [missingPip(document, firstList)]),
  ];
};

const removePipList = (document: Document, { start }: { readonly start: number }): readonly Fix[] => {
  const item = asSequence(dependenciesEntry(document)?.value)?.items.find((candidate) => candidate.start <= start && start < candidate.end);
  return item === undefined ? [] : removeItem(document, item, 'Remove this one');
};

/** `numpy=2.1` becomes `numpy==2.1` below `pip`, where there is such a list. */
const moveToPip = (document: Document, line: { readonly start: number; readonly end: number; readonly text: string }): readonly Fix[] => {
  const entry = dependenciesEntry(document);
  const pip = entry === undefined ? undefined : pipMapping(entry);
  const pipEntry = pip?.entries.find((candidate) => keyText(candidate) === 'pip');
  const [, name, version] = /^(?:[\w-]+::)?([\w.-]+?)(?:=+([\d.]+))?$/.exec(line.text) ?? [];
  const requirement = version === undefined ? name : `${name ?? ''}==${version}`;
  const [removed] = removeItem(document, line, '');
  if (pip === undefined || pipEntry === undefined || requirement === undefined || removed === undefined) return [];
  const added = addDependency(document, pip, pipEntry, requirement);
  // What is put in where a removed line begins comes first.
  const edits = [added, removed].flatMap((fix) => fix?.edits[document.uri] ?? []);
  return added === undefined ? [] : [localFix(document, 'Let pip install it', ...edits)];
};

const missingPip = (document: Document, span: { readonly start: number; readonly end: number }): Finding => {
  const items = asSequence(dependenciesEntry(document)?.value)?.items ?? [];
  const item = items.find((candidate) => candidate.start <= span.start && span.end <= candidate.end);
  const list = asSequence(dependenciesEntry(document)?.value);
  const separator = list?.isFlow === true ? ', ' : `\n${' '.repeat(list === undefined ? 2 : document.positionAt(list.start).character)}- `;
  const fixes = item === undefined ? [] : [localFix(document, 'Add pip', document.edit({ start: item.start, end: item.start }, `pip${separator}`))];
  return { code: 'conda-pip-missing', ...spanOf(span), message: 'pip is not among the dependencies; conda adds it, with a warning.', fixes };
};

export const checkDependencies: Check = async (document, { files }) => {
  const { environment, leftOut } = reading(document).value;
  const found = await checkRequirements(document, files, environment.dependencies);
  const hasConda = leftOut.some(({ text }) => /^(?:[\w-]+::)?mlflow(?:-skinny)?(?![\w-])/.test(normalizedName(text.split(/[=<>! ]/, 1)[0] ?? '')));
  const entry = dependenciesEntry(document);
  if (entry === undefined || hasConda || asSequence(entry.value) === undefined) return found;
  if ((await installsMlflow(document, files, environment.dependencies)) !== false) return found;
  return [...found, missingMlflow(document, entry)];
};

const missingMlflow = (document: Document, entry: YamlEntry): Finding => {
  const pip = pipMapping(entry);
  const pipEntry = pip?.entries.find((candidate) => keyText(candidate) === 'pip');
  const root = asMapping(document.yaml.root);
  const withPip =
    root === undefined ? undefined : addDependency(document, root, entry, asSequence(entry.value)?.isFlow === true ? '{pip: [mlflow]}' : 'pip: [mlflow]');
  const fix = pip === undefined || pipEntry === undefined ? withPip : addDependency(document, pip, pipEntry, 'mlflow');
  return {
    code: 'mlflow-missing',
    ...spanOf(entry.key),
    message: 'mlflow is not among the dependencies, and MLflow does not add it.',
    mlflow: "ModuleNotFoundError: No module named 'mlflow'",
    fixes: fix === undefined ? [] : [fix],
  };
};

const pipMapping = ({ value }: YamlEntry): YamlMapping | undefined =>
  (asSequence(value)?.items ?? []).map(asMapping).findLast((mapping) => mapping?.entries.some((entry) => keyText(entry) === 'pip'));
