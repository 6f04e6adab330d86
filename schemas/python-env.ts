import type { Problem } from './problem.ts';
import { pythonTextOfNode, pythonTypeOfNode } from './python-value.ts';
import { readYaml, type YamlDocument, type YamlProblemCode } from './yaml-reader.ts';
import { yamlProblems, type YamlRefusalCode } from './yaml-refusals.ts';
import {
  asMapping,
  asSequence,
  asText,
  effectiveEntries,
  isNull,
  keyText,
  spanOf,
  valueOf,
  type Span,
  type YamlEntry,
  type YamlMapping,
  type YamlNode,
} from './yaml-tree.ts';

/** What a virtual environment is made of: a python_env.yaml, or what MLflow takes from a conda.yaml. */
export interface PythonEnv {
  /** `x.y.z`, or the beginning of it; the current Python when undefined. */
  readonly python: string | undefined;
  /** Lines of pip requirements that are installed first. */
  readonly buildDependencies: readonly RequirementLine[];
  readonly dependencies: readonly RequirementLine[];
}

/** Where the line stands in the file comes with it. */
export interface RequirementLine extends Span {
  readonly text: string;
}

export type PythonEnvProblemCode =
  | YamlProblemCode
  | YamlRefusalCode
  | 'python-env-not-mapping'
  | 'python-env-key'
  | 'python-version-type'
  | 'dependencies-not-list'
  | 'dependency-not-text';

export type PythonEnvProblem = Problem<PythonEnvProblemCode>;

export interface PythonEnvReading {
  readonly value: PythonEnv;
  /** What MLflow refuses, most of it when it reads the file, and the rest when it installs what is in it. */
  readonly problems: readonly PythonEnvProblem[];
}

export const readPythonEnv = (text: string): PythonEnvReading => readPythonEnvDocument(readYaml(text));

export const readPythonEnvDocument = (document: YamlDocument): PythonEnvReading => {
  const reader = new PythonEnvReader(document.text.length);
  const value = reader.read(document.root);
  const problems = document.problems.some((problem) => problem.code === 'yaml-nesting') ? [] : reader.problems;
  return { value, problems: [...yamlProblems(document), ...problems] };
};

const keys = ['python', 'build_dependencies', 'dependencies'] as const;

/** Follows `mlflow/utils/environment.py: _PythonEnv`, whose constructor gets the mapping as its arguments. */
class PythonEnvReader {
  readonly problems: PythonEnvProblem[] = [];
  readonly #textLength: number;

  constructor(textLength: number) {
    this.#textLength = textLength;
  }

  read(root: YamlNode | undefined): PythonEnv {
    const mapping = asMapping(root);
    if (mapping === undefined) this.#refuseRoot(root);
    else for (const entry of effectiveEntries(mapping).values()) this.#checkKey(entry);
    return {
      python: this.#readPython(valueOf(mapping, 'python')),
      buildDependencies: this.#readLines(mapping, 'build_dependencies'),
      dependencies: this.#readLines(mapping, 'dependencies'),
    };
  }

  #refuse(code: PythonEnvProblemCode, span: Span, message: string, mlflow: string): void {
    this.problems.push({ code, message, mlflow, start: span.start, end: span.end });
  }

  #refuseRoot(root: YamlNode | undefined): void {
    const span = root ?? { start: 0, end: Math.min(1, this.#textLength) };
    const message = isNull(root)
      ? 'The file is empty; MLflow needs at least one of its keys, such as `dependencies:`.'
      : 'The file is a mapping of `python`, `build_dependencies` and `dependencies`.';
    const type = root === undefined ? 'NoneType' : pythonTypeOfNode(root);
    this.#refuse('python-env-not-mapping', span, message, `TypeError: argument after ** must be a mapping, not ${type}`);
  }

  #checkKey(entry: YamlEntry): void {
    const key = keyText(entry);
    if (asText(entry.key) !== undefined && keys.some((known) => known === key)) return;
    const mlflow =
      asText(entry.key) === undefined ? 'TypeError: keywords must be strings' : `TypeError: _PythonEnv.__init__() got an unexpected keyword argument '${key}'`;
    this.#refuse('python-env-key', entry.key, `MLflow refuses the file: '${key}' is none of \`python\`, \`build_dependencies\` and \`dependencies\`.`, mlflow);
  }

  #readPython(node: YamlNode | undefined): string | undefined {
    if (node === undefined || isNull(node)) return undefined;
    const text = asText(node);
    if (text !== undefined) return text === '' ? undefined : text;
    const type = pythonTypeOfNode(node);
    const read = type === 'float' || type === 'int' ? ` YAML reads the number ${pythonTextOfNode(node)}: put the version in quotes.` : '';
    this.#refuse('python-version-type', node, `The version of Python is a text.${read}`, `TypeError: \`python\` must be a string but got <class '${type}'>`);
    return undefined;
  }

  #readLines(mapping: YamlMapping | undefined, key: (typeof keys)[number]): readonly RequirementLine[] {
    const node = valueOf(mapping, key);
    if (node === undefined || isNull(node)) return [];
    const items = asSequence(node)?.items;
    if (items === undefined) {
      this.#refuse(
        'dependencies-not-list',
        node,
        `\`${key}\` is a list, with one requirement of pip in each item.`,
        `TypeError: \`${key}\` must be a list but got <class '${pythonTypeOfNode(node)}'>`,
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
