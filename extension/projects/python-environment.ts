import { readFile } from 'node:fs/promises';

import { pythonTextOfNode, pythonTypeOfNode } from '../../schemas/python-value.ts';
import { readYaml } from '../../schemas/yaml-reader.ts';
import { asMapping, asSequence, asText, effectiveEntries, isNull, valueOf, type YamlMapping, type YamlNode } from '../../schemas/yaml-tree.ts';
import { MlflowError } from '../shared/errors.ts';

/** What a virtual environment is made of. */
export interface PythonEnvironment {
  /** `x.y.z`, or the beginning of it. */
  readonly python: string;
  /** Requirement lines that are installed first. */
  readonly buildDependencies: readonly string[];
  readonly dependencies: readonly string[];
}

/** Throws INVALID_PARAMETER_VALUE for what MLflow refuses. `current` stands in for a version that the file does not name. */
export const readPythonEnv = async (file: string, current: string): Promise<PythonEnvironment> => {
  const root = await readMapping(file);
  const known = ['python', 'build_dependencies', 'dependencies'];
  const unknown = [...effectiveEntries(root).keys()].find((key) => !known.includes(key));
  if (unknown !== undefined) throw invalid(file, `'${unknown}' is none of its keys: ${known.join(', ')}`);
  return {
    python: versionOf(file, valueOf(root, 'python')) ?? current,
    buildDependencies: linesOf(file, root, 'build_dependencies'),
    dependencies: linesOf(file, root, 'dependencies'),
  };
};

const versionOf = (file: string, node: YamlNode | undefined): string | undefined => {
  if (isNull(node)) return undefined;
  const text = asText(node);
  if (text === undefined) throw invalid(file, `\`python\` must be a string but got ${pythonTextOfNode(node)}: put it in quotes`);
  return text === '' ? undefined : text;
};

const linesOf = (file: string, root: YamlMapping, key: string): readonly string[] => {
  const node = valueOf(root, key);
  if (node === undefined || isNull(node)) return [];
  const items = asSequence(node)?.items;
  if (items === undefined) throw invalid(file, `\`${key}\` must be a list but got <class '${pythonTypeOfNode(node)}'>`);
  return items.map((item) => textOf(file, item));
};

const textOf = (file: string, node: YamlNode): string => {
  const text = asText(node);
  if (text === undefined) throw invalid(file, `a dependency must be a string but got ${pythonTextOfNode(node)}`);
  return text;
};

const condaDependency = /^(?<name>python|pip|setuptools|wheel)(?<operator><=|>=|==|!=|<|>|=)?(?<version>[\d.]+)?$/;

/** What MLflow takes from a conda file for a virtual environment; the dependencies that only conda can install are handed back. */
export const readCondaEnv = async (
  file: string,
  current: string,
): Promise<{ readonly environment: PythonEnvironment; readonly leftOut: readonly string[] }> => {
  const reader = new CondaReader(file);
  const dependencies = valueOf(await readMapping(file), 'dependencies');
  const items = dependencies === undefined ? [] : asSequence(dependencies)?.items;
  if (items === undefined) throw invalid(file, '`dependencies` must be a list');
  for (const item of items) reader.add(item);
  return { environment: { ...reader.found, python: reader.python ?? current }, leftOut: reader.leftOut };
};

class CondaReader {
  readonly #file: string;
  readonly #buildDependencies: string[] = [];
  #dependencies: readonly string[] = [];
  readonly leftOut: string[] = [];
  python: string | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  get found(): Pick<PythonEnvironment, 'buildDependencies' | 'dependencies'> {
    return { buildDependencies: this.#buildDependencies, dependencies: this.#dependencies };
  }

  add(item: YamlNode): void {
    const text = asText(item);
    if (text !== undefined) this.#addText(text);
    else if (valueOf(asMapping(item), 'pip') !== undefined) this.#dependencies = linesOf(this.#file, requireMapping(this.#file, item), 'pip');
    else throw invalid(this.#file, `Invalid conda dependency: ${pythonTextOfNode(item)}. Must be str or dict in the form of {"pip": [...]}`);
  }

  #addText(text: string): void {
    const { name, operator, version = '' } = condaDependency.exec(text)?.groups ?? {};
    if (name === undefined) this.leftOut.push(text);
    else if (name === 'python' && this.python === undefined) this.python = this.#pinned(text, operator, version);
    // pip knows no single `=`.
    else this.#buildDependencies.push(`${name}${operator === '=' ? '==' : (operator ?? '')}${version}`);
  }

  #pinned(text: string, operator: string | undefined, version: string): string {
    if (operator === undefined) throw invalid(this.#file, `Invalid dependency for python: ${text}. It must be pinned (e.g. python=3.8.13).`);
    if (['<', '>', '!='].includes(operator)) {
      throw invalid(this.#file, `Invalid version comparator for python: '${operator}'. Must be one of ['<=', '>=', '=', '=='].`);
    }
    return version;
  }
}

const readMapping = async (file: string): Promise<YamlMapping> => {
  const { root, problems } = readYaml(await readFile(file, 'utf8'));
  const [problem] = problems;
  if (problem !== undefined) throw invalid(file, problem.message);
  return requireMapping(file, root);
};

const requireMapping = (file: string, node: YamlNode | undefined): YamlMapping => {
  const mapping = asMapping(node);
  if (mapping === undefined) throw invalid(file, 'it must hold a mapping');
  return mapping;
};

const invalid = (file: string, reason: string): MlflowError => new MlflowError('INVALID_PARAMETER_VALUE', `${file} cannot be used: ${reason}`);
