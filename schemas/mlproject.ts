import { MlprojectReader } from './mlproject-reader.ts';
import type { Problem } from './problem.ts';
import type { YamlProblemCode } from './yaml-reader.ts';
import { readYaml, type YamlDocument } from './yaml-reader.ts';
import { yamlProblems, type YamlRefusalCode } from './yaml-refusals.ts';
import type { Span } from './yaml-tree.ts';

/** What MLflow's `load_project` makes of an MLproject file. */
export interface Mlproject {
  readonly name?: string;
  readonly environment: ProjectEnvironment;
  /** In the order of the file. */
  readonly entryPoints: readonly EntryPoint[];
  readonly sparkJob?: SparkJob;
}

export type ProjectEnvironment =
  /** No environment is named: `python_env.yaml`, else `conda.yaml` beside the file, else an empty virtual environment. */
  | { readonly kind: 'default' }
  /** Relative to the folder of the MLproject file, or absolute. */
  | { readonly kind: 'python' | 'conda'; readonly file: string; readonly span: Span }
  | { readonly kind: 'docker'; readonly image: string; readonly volumes: readonly string[]; readonly variables: readonly DockerVariable[] };

/** One without a value is copied from the machine that runs the project. */
export interface DockerVariable {
  readonly name: string;
  readonly value?: string;
}

export interface EntryPoint {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  /** A template in the syntax of `command-template.ts`. MLflow fails at run time without one. */
  readonly command?: string;
  /** Where the name stands. */
  readonly span: Span;
}

export interface Parameter {
  readonly name: string;
  /** MLflow acts on `path` and `uri`; any other text means "as it is". */
  readonly type: string;
  /** As Python's `str()` prints it; a parameter without one is required. */
  readonly defaultValue?: string;
  readonly span: Span;
}

/** Run by `--backend databricks` only. */
export interface SparkJob {
  readonly pythonFile?: string;
  readonly parameters: readonly string[];
  readonly pythonLibraries: readonly string[];
}

export type MlprojectProblemCode =
  | YamlProblemCode
  | YamlRefusalCode
  | 'root-not-mapping'
  | 'multiple-environments'
  | 'entry-points-not-mapping'
  | 'entry-point-not-mapping'
  | 'parameters-not-mapping'
  | 'parameter-not-mapping'
  | 'spark-job-not-mapping'
  | 'spark-job-empty'
  | 'spark-job-both'
  | 'spark-job-path-parameter'
  | 'spark-job-environment'
  | 'docker-not-mapping'
  | 'docker-image-missing'
  | 'docker-volumes'
  | 'docker-environment'
  | 'environment-not-path';

export type MlprojectProblem = Problem<MlprojectProblemCode>;

export interface MlprojectReading {
  /** Whatever could be understood; MLflow itself stops at the first problem. */
  readonly value: Mlproject;
  /** What `load_project` refuses, in the order in which MLflow would find it. Missing files are not looked for. */
  readonly problems: readonly MlprojectProblem[];
}

export const readMlproject = (text: string): MlprojectReading => readMlprojectDocument(readYaml(text));

export const readMlprojectDocument = (document: YamlDocument): MlprojectReading => {
  const reader = new MlprojectReader();
  const value = reader.read(document.root, document.text.length);
  const problems = document.problems.some((problem) => problem.code === 'yaml-nesting') ? [] : reader.problems;
  return { value, problems: [...yamlProblems(document), ...problems] };
};
