import { MlmodelReader } from './mlmodel-reader.ts';
import type { ModelSignature } from './model-signature.ts';
import type { Problem } from './problem.ts';
import type { SignatureProblemCode } from './signature-problem.ts';
import { readYaml, type YamlDocument, type YamlProblemCode } from './yaml-reader.ts';
import { yamlProblems, type YamlRefusalCode } from './yaml-refusals.ts';
import type { Span } from './yaml-tree.ts';

/** What MLflow's `Model.load` makes of an MLmodel file. Texts are as Python's `str()` prints the value. */
export interface Mlmodel {
  readonly artifactPath: string | undefined;
  readonly runId: string | undefined;
  readonly modelId: string | undefined;
  readonly modelUuid: string | undefined;
  /** `YYYY-MM-DD HH:MM:SS.ffffff`, UTC. */
  readonly utcTimeCreated: string | undefined;
  /** Of the mlflow that wrote the file; files before 1.25 have none. */
  readonly mlflowVersion: string | undefined;
  readonly modelSizeBytes: number | undefined;
  /** In the order of the file. */
  readonly flavors: readonly Flavor[];
  readonly signature: ModelSignature | undefined;
  /** It was made from the type hints of the model's function; since 2.20. */
  readonly isSignatureFromTypeHint: boolean;
  readonly inputExample: InputExample | undefined;
  /** Environment variables that inference needs. */
  readonly envVars: readonly string[];
  /** What kind of agent or language model it is: `llm/v1/chat`. */
  readonly task: string | undefined;
  /** The model's files are elsewhere: MLflow refuses to load it. */
  readonly isExternal: boolean;
}

export interface Flavor {
  readonly name: string;
  /** Those of its values that are no lists or mappings. */
  readonly values: ReadonlyMap<string, string>;
  /** `python_function` only: files that describe its environment, relative to the model. */
  readonly environment: ModelEnvironment | undefined;
  /** Where the name stands. */
  readonly span: Span;
}

export interface ModelEnvironment {
  readonly conda: string | undefined;
  readonly virtualenv: string | undefined;
}

export interface InputExample {
  /** Relative to the model. */
  readonly artifactPath: string;
  readonly type: string;
  /** The example as the body of a request to `/invocations`; since MLflow 2.15. */
  readonly servingInputPath: string | undefined;
  /** The file holds params beside the data. */
  readonly hasParams: boolean;
}

export type MlmodelProblemCode =
  | YamlProblemCode
  | YamlRefusalCode
  | SignatureProblemCode
  | 'model-not-mapping'
  | 'model-key'
  | 'signature-not-text'
  | 'signature-none'
  | 'env-vars';

export type MlmodelProblem = Problem<MlmodelProblemCode>;

export interface MlmodelReading {
  /** Whatever could be understood; MLflow itself stops at the first problem. */
  readonly value: Mlmodel;
  /** What `Model.load` refuses, in the order in which MLflow would find it. The files of the model are not looked for. */
  readonly problems: readonly MlmodelProblem[];
}

export const readMlmodel = (text: string): MlmodelReading => readMlmodelDocument(readYaml(text));

export const readMlmodelDocument = (document: YamlDocument): MlmodelReading => {
  const reader = new MlmodelReader(document.text);
  const value = reader.read(document.root);
  const problems = document.problems.some((problem) => problem.code === 'yaml-nesting') ? [] : reader.problems;
  return { value, problems: [...yamlProblems(document), ...problems] };
};
