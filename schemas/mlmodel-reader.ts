import type { Flavor, InputExample, Mlmodel, MlmodelProblem, MlmodelProblemCode, ModelEnvironment } from './mlmodel.ts';
import type { DataSchema, ModelParam, ModelSignature } from './model-signature.ts';
import { readParams } from './param-reader.ts';
import { pythonTextOfNode, pythonTypeOfNode } from './python-value.ts';
import { decodeScalar, spanInSource } from './scalar-source.ts';
import type { SignatureProblem } from './signature-problem.ts';
import { readDataSchema } from './signature-reader.ts';
import {
  asMapping,
  asScalar,
  asSequence,
  asText,
  effectiveEntries,
  isNull,
  isTruthy,
  spanOf,
  valueOf,
  type Span,
  type YamlEntry,
  type YamlMapping,
  type YamlNode,
  type YamlScalar,
} from './yaml-tree.ts';

/** Follows `mlflow/models/model.py: Model.from_dict`, but goes on where MLflow raises. */
export class MlmodelReader {
  readonly problems: MlmodelProblem[] = [];
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  read(root: YamlNode | undefined): Mlmodel {
    const mapping = asMapping(root);
    if (mapping === undefined) {
      this.#refuseRoot(root);
      return { ...readFields(undefined), flavors: [], signature: undefined, envVars: [] };
    }
    const signature = this.#readSignature(mapping);
    this.#checkKeys(mapping);
    const envVars = this.#readEnvVars(mapping);
    return { ...readFields(mapping), flavors: readFlavors(mapping), signature, envVars };
  }

  #refuse(code: MlmodelProblemCode, span: Span, message: string, mlflow: string): void {
    this.problems.push({ code, message, mlflow, start: span.start, end: span.end });
  }

  #refuseRoot(root: YamlNode | undefined): void {
    const span = root ?? { start: 0, end: Math.min(1, this.#file.length) };
    const message = isNull(root)
      ? 'The file is empty; an MLmodel file needs at least `flavors:`.'
      : 'An MLmodel file is a mapping with keys such as `flavors`.';
    const type = root === undefined ? 'NoneType' : pythonTypeOfNode(root);
    const mlflow = type === 'list' ? 'TypeError: list indices must be integers or slices, not str' : `AttributeError: '${type}' object has no attribute 'copy'`;
    this.#refuse('model-not-mapping', span, message, mlflow);
  }

  /** `cls(**model_dict)` takes texts only. */
  #checkKeys(mapping: YamlMapping): void {
    for (const { key } of effectiveEntries(mapping).values()) {
      if (asScalar(key) === undefined || asText(key) !== undefined) continue;
      this.#refuse(
        'model-key',
        key,
        `A key is a text, and this one is read as ${pythonTextOfNode(key)}: quote it or remove it.`,
        'TypeError: keywords must be strings',
      );
    }
  }

  #readSignature(model: YamlMapping): ModelSignature | undefined {
    const entry = effectiveEntries(model).get('signature');
    const mapping = asMapping(entry?.value);
    if (entry === undefined || mapping === undefined) return undefined;
    const parts = ['inputs', 'outputs', 'params'].map((key) => valueOf(mapping, key));
    if (!parts.some(isTruthy)) {
      const message = 'A signature needs at least one of `inputs`, `outputs` and `params`; leave `signature` out if there is none.';
      this.#refuse('signature-none', entry.key, message, 'ValueError: At least one of inputs, outputs or params must be provided');
    }
    const inputs = this.#readSchema(mapping, 'inputs');
    const outputs = this.#readSchema(mapping, 'outputs');
    return { ...(inputs && { inputs }), ...(outputs && { outputs }), params: this.#readParams(mapping) };
  }

  #readSchema(signature: YamlMapping, key: string): DataSchema | undefined {
    const scalar = this.#jsonOf(signature, key);
    if (scalar === undefined) return undefined;
    const { value, problems } = readDataSchema(scalar.text);
    const place = this.#placesOf(scalar);
    this.#refuseAll(problems, place);
    if (value === undefined) return undefined;
    return value.kind === 'columns'
      ? { kind: 'columns', columns: value.columns.map((column) => ({ ...column, ...place(column) })) }
      : { kind: 'tensors', tensors: value.tensors.map((tensor) => ({ ...tensor, ...place(tensor) })) };
  }

  #readParams(signature: YamlMapping): readonly ModelParam[] {
    const scalar = this.#jsonOf(signature, 'params');
    if (scalar === undefined) return [];
    const { value, problems } = readParams(scalar.text);
    const place = this.#placesOf(scalar);
    this.#refuseAll(problems, place);
    return value.map((param) => ({ ...param, ...place(param) }));
  }

  /** The scalar that holds the JSON; null and an empty text count as absent. */
  #jsonOf(signature: YamlMapping, key: string): YamlScalar | undefined {
    const node = valueOf(signature, key);
    if (node === undefined || !isTruthy(node)) return undefined;
    const scalar = asScalar(node);
    if (scalar !== undefined && asText(node) !== undefined) return scalar;
    const mlflow = `TypeError: the JSON object must be str, bytes or bytearray, not ${pythonTypeOfNode(node)}`;
    this.#refuse('signature-not-text', node, `\`${key}\` is a text that holds JSON: put it in single quotes.`, mlflow);
    return undefined;
  }

  #placesOf(scalar: YamlScalar): (span: Span) => Span {
    const decoded = decodeScalar(this.#file, scalar);
    return ({ start, end }) => spanInSource(scalar, decoded, start === end ? Math.max(0, start - 1) : start, end);
  }

  #refuseAll(problems: readonly SignatureProblem[], place: (span: Span) => Span): void {
    for (const { code, message, mlflow, start, end } of problems) this.#refuse(code, place({ start, end }), message, mlflow);
  }

  #readEnvVars(model: YamlMapping): readonly string[] {
    const node = valueOf(model, 'env_vars');
    if (node === undefined || !isTruthy(node)) return [];
    const items = asSequence(node)?.items;
    for (const wrong of items === undefined ? [node] : items.filter((item) => asText(item) === undefined)) {
      this.#refuse(
        'env-vars',
        wrong,
        '`env_vars` is a list of names of environment variables.',
        `TypeError: env_vars must be a list of strings. Got: ${pythonTextOfNode(node)}`,
      );
    }
    return (items ?? []).map(asText).filter((name) => name !== undefined);
  }
}

const readFields = (model: YamlMapping | undefined): Omit<Mlmodel, 'flavors' | 'envVars' | 'signature'> => {
  const textAt = (key: string): string | undefined => textOf(valueOf(model, key));
  const size = Number(textAt('model_size_bytes') ?? NaN);
  const metadata = asMapping(valueOf(model, 'metadata'));
  return {
    artifactPath: textAt('artifact_path'),
    runId: textAt('run_id'),
    modelId: textAt('model_id'),
    modelUuid: textAt('model_uuid'),
    utcTimeCreated: textAt('utc_time_created'),
    mlflowVersion: textAt('mlflow_version'),
    modelSizeBytes: Number.isFinite(size) ? size : undefined,
    isSignatureFromTypeHint: isTruthy(valueOf(model, 'is_signature_from_type_hint')),
    inputExample: readInputExample(asMapping(valueOf(model, 'saved_input_example_info'))),
    task: textOf(valueOf(metadata, 'task')),
    isExternal: isTruthy(valueOf(metadata, 'mlflow.model.isExternal')),
  };
};

/** Undefined for null, lists and mappings. */
const textOf = (node: YamlNode | undefined): string | undefined => (isNull(node) || asScalar(node) === undefined ? undefined : pythonTextOfNode(node));

const readInputExample = (info: YamlMapping | undefined): InputExample | undefined => {
  const artifactPath = textOf(valueOf(info, 'artifact_path'));
  if (artifactPath === undefined) return undefined;
  return {
    artifactPath,
    type: textOf(valueOf(info, 'type')) ?? '',
    servingInputPath: textOf(valueOf(info, 'serving_input_path')),
    hasParams: isTruthy(valueOf(info, 'params')),
  };
};

const readFlavors = (model: YamlMapping): readonly Flavor[] => {
  const flavors = asMapping(valueOf(model, 'flavors'));
  return [...effectiveEntries(flavors).values()].map(readFlavor);
};

const readFlavor = (entry: YamlEntry): Flavor => {
  const name = asScalar(entry.key)?.text ?? '';
  const config = asMapping(entry.value);
  const values = [...effectiveEntries(config)].flatMap(([key, { value }]): readonly (readonly [string, string])[] => {
    const text = textOf(value);
    return text === undefined ? [] : [[key, text]];
  });
  const environment = name === 'python_function' ? readEnvironment(valueOf(config, 'env')) : undefined;
  return { name, values: new Map(values), environment, span: spanOf(entry.key) };
};

/** A text is the conda file: that is how MLflow before 2.0 wrote it. */
const readEnvironment = (node: YamlNode | undefined): ModelEnvironment | undefined => {
  const file = asText(node);
  if (file !== undefined) return { conda: file, virtualenv: undefined };
  const mapping = asMapping(node);
  return mapping && { conda: textOf(valueOf(mapping, 'conda')), virtualenv: textOf(valueOf(mapping, 'virtualenv')) };
};
