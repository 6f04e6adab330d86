import type { Problem } from './problem.ts';
import type { PythonEnv, RequirementLine } from './python-env.ts';
import { pythonTextOfNode, pythonTypeOfNode } from './python-value.ts';
import { readYaml, type YamlDocument, type YamlProblemCode } from './yaml-reader.ts';
import { yamlProblems, type YamlRefusalCode } from './yaml-refusals.ts';
import { asMapping, asSequence, asText, effectiveEntries, isNull, spanOf, valueOf, type Span, type YamlMapping, type YamlNode } from './yaml-tree.ts';

/** A conda.yaml as MLflow reads it for virtualenv and uv; conda itself gets the file as it is. */
export interface CondaEnv {
  readonly environment: PythonEnv;
  /** All dependencies that are texts, in the order of the file. */
  readonly packages: readonly RequirementLine[];
  /** Those that only conda installs: MLflow drops them with a warning. */
  readonly leftOut: readonly RequirementLine[];
  /** Each list of pip requirements; the last one counts. */
  readonly pipLists: readonly Span[];
}

export type CondaEnvProblemCode =
  | YamlProblemCode
  | YamlRefusalCode
  | 'conda-env-not-mapping'
  | 'conda-dependencies'
  | 'conda-dependency'
  | 'conda-python-unpinned'
  | 'conda-python-operator'
  | 'dependencies-not-list'
  | 'dependency-not-text';

export type CondaEnvProblem = Problem<CondaEnvProblemCode>;

export interface CondaEnvReading {
  readonly value: CondaEnv;
  /** What MLflow refuses when it makes a virtualenv or uv environment of the file. */
  readonly problems: readonly CondaEnvProblem[];
}

export const readCondaEnv = (text: string): CondaEnvReading => readCondaEnvDocument(readYaml(text));

export const readCondaEnvDocument = (document: YamlDocument): CondaEnvReading => {
  const reader = new CondaEnvReader(document.text.length);
  const value = reader.read(document.root);
  const problems = document.problems.some((problem) => problem.code === 'yaml-nesting') ? [] : reader.problems;
  return { value, problems: [...yamlProblems(document), ...problems] };
};

/** `mlflow/utils/environment.py: _CONDA_DEPENDENCY_REGEX` */
const dependencyPattern = /^(?<name>python|pip|setuptools|wheel)(?<operator><=|>=|==|!=|<|>|=)?(?<version>[\d.]+)?$/;

/** Follows `_PythonEnv.get_dependencies_from_conda_yaml`. */
class CondaEnvReader {
  readonly problems: CondaEnvProblem[] = [];
  readonly #textLength: number;
  readonly #packages: RequirementLine[] = [];
  readonly #leftOut: RequirementLine[] = [];
  readonly #buildDependencies: RequirementLine[] = [];
  readonly #pipLists: Span[] = [];
  #dependencies: readonly RequirementLine[] = [];
  #python: string | undefined;

  constructor(textLength: number) {
    this.#textLength = textLength;
  }

  read(root: YamlNode | undefined): CondaEnv {
    const mapping = asMapping(root);
    if (mapping === undefined) this.#refuseRoot(root);
    for (const item of this.#itemsOf(mapping)) this.#add(item);
    return {
      environment: { python: this.#python, buildDependencies: this.#buildDependencies, dependencies: this.#dependencies },
      packages: this.#packages,
      leftOut: this.#leftOut,
      pipLists: this.#pipLists,
    };
  }

  #refuse(code: CondaEnvProblemCode, span: Span, message: string, mlflow: string): void {
    this.problems.push({ code, message, mlflow, start: span.start, end: span.end });
  }

  #refuseRoot(root: YamlNode | undefined): void {
    const span = root ?? { start: 0, end: Math.min(1, this.#textLength) };
    const message = isNull(root)
      ? 'The file is empty; a conda environment needs `dependencies:`.'
      : 'A conda environment is a mapping with keys such as `dependencies`.';
    const type = root === undefined ? 'NoneType' : pythonTypeOfNode(root);
    this.#refuse('conda-env-not-mapping', span, message, `AttributeError: '${type}' object has no attribute 'get'`);
  }

  #itemsOf(mapping: YamlMapping | undefined): readonly YamlNode[] {
    const entry = effectiveEntries(mapping).get('dependencies');
    const items = asSequence(entry?.value)?.items;
    if (entry === undefined || items !== undefined) return items ?? [];
    const span = isNull(entry.value) ? entry.key : entry.value;
    const type = pythonTypeOfNode(entry.value);
    // A text would be taken apart letter by letter, and a mapping key by key: conda refuses both.
    const mlflow = type === 'str' || type === 'dict' ? 'conda: the dependencies are not a list' : `TypeError: '${type}' object is not iterable`;
    this.#refuse('conda-dependencies', span, '`dependencies` is a list of packages.', mlflow);
    return [];
  }

  #add(item: YamlNode): void {
    const text = asText(item);
    if (text !== undefined) {
      this.#packages.push({ text, ...spanOf(item) });
      this.#addPackage(text, item);
      return;
    }
    const mapping = asMapping(item);
    const pip = effectiveEntries(mapping).get('pip');
    if (mapping !== undefined && pip !== undefined) {
      this.#pipLists.push(spanOf(pip.key));
      this.#dependencies = this.#readPip(mapping);
      return;
    }
    const message = 'A dependency is a text such as `numpy=2.1`, or `pip:` with a list below it.';
    this.#refuse('conda-dependency', item, message, `Invalid conda dependency: ${pythonTextOfNode(item)}. Must be str or dict in the form of {"pip": [...]}`);
  }

  #addPackage(text: string, item: YamlNode): void {
    const { name, operator, version = '' } = dependencyPattern.exec(text)?.groups ?? {};
    if (name === undefined) this.#leftOut.push({ text, ...spanOf(item) });
    else if (name === 'python' && this.#python === undefined) this.#setPython(text, operator, version, item);
    // pip knows no single `=`.
    else this.#buildDependencies.push({ text: `${name}${operator === '=' ? '==' : (operator ?? '')}${version}`, ...spanOf(item) });
  }

  #setPython(text: string, operator: string | undefined, version: string, item: YamlNode): void {
    if (operator === undefined) {
      const mlflow = `Invalid dependency for python: ${text}. It must be pinned (e.g. python=3.8.13).`;
      this.#refuse('conda-python-unpinned', item, 'Python has no version here: MLflow refuses the file for virtualenv and uv.', mlflow);
    } else if (operator === '<' || operator === '>' || operator === '!=') {
      const mlflow = `Invalid version comparator for python: '${operator}'. Must be one of ['<=', '>=', '=', '=='].`;
      this.#refuse('conda-python-operator', item, `MLflow cannot make a version of \`${operator}\`, and refuses the file for virtualenv and uv.`, mlflow);
    } else {
      this.#python = version === '' ? undefined : version;
    }
  }

  /** `pip:` with nothing below it is an empty list. */
  #readPip(mapping: YamlMapping): readonly RequirementLine[] {
    const node = valueOf(mapping, 'pip');
    if (node === undefined || isNull(node)) return [];
    const items = asSequence(node)?.items;
    if (items === undefined) {
      this.#refuse(
        'dependencies-not-list',
        node,
        '`pip` is a list, with one requirement in each item.',
        `TypeError: \`dependencies\` must be a list but got <class '${pythonTypeOfNode(node)}'>`,
      );
    }
    return (items ?? []).flatMap((item, index) => this.#readLine(item, index) ?? []);
  }

  #readLine(item: YamlNode, index: number): RequirementLine | undefined {
    const text = asText(item);
    if (text !== undefined) return { text, ...spanOf(item) };
    const type = pythonTypeOfNode(item);
    this.#refuse(
      'dependency-not-text',
      item,
      'A requirement is a text, such as `numpy==2.1.0`.',
      `TypeError: sequence item ${index}: expected str instance, ${type} found`,
    );
    return undefined;
  }
}
