import { formatBytes } from '../../schemas/format.ts';
import { readMlmodel, type Flavor, type Mlmodel } from '../../schemas/mlmodel.ts';
import type { ModelPage, NamedValue, ShownFlavor } from '../../schemas/model-page.ts';
import { readYamlFields, type YamlFields, type YamlValue } from '../../schemas/yaml-value.ts';
import { MlflowError } from '../shared/errors.ts';
import { errorMessage } from '../shared/errors.ts';
import type { ModelFile, ModelFiles } from './model-files.ts';

/** Keys of an MLmodel file that have a place of their own on the page. */
const placed = new Set([
  ...['artifact_path', 'run_id', 'model_id', 'model_uuid', 'utc_time_created', 'time_created', 'mlflow_version', 'databricks_runtime', 'model_size_bytes'],
  ...['flavors', 'signature', 'saved_input_example_info', 'env_vars', 'is_signature_from_type_hint', 'type_hint_from_example', 'model_config'],
]);

export interface Described {
  readonly label: string;
  readonly modelUri: string;
  readonly source: string;
}

/** What the model's own files say. RESOURCE_DOES_NOT_EXIST without an MLmodel file. */
export const describeModel = async (files: ModelFiles, { label, modelUri, source }: Described, signal?: AbortSignal): Promise<ModelPage> => {
  const text = await files.read('MLmodel', signal);
  if (text === undefined)
    throw new MlflowError(
      'RESOURCE_DOES_NOT_EXIST',
      `There is no MLmodel file${files.folder === undefined ? '' : ` in ${files.folder}`}: this is no model of MLflow.`,
    );
  const { value, problems } = readMlmodel(text);
  const yaml = readYamlFields(text);
  const fields = 'fields' in yaml ? yaml.fields : {};
  const [listed, example] = await Promise.all([listFiles(files, signal), readExample(value, files, signal)]);
  return {
    label,
    modelUri,
    source,
    facts: factsOf(value, fields, listed),
    problems: problems.map(({ message }) => message),
    flavors: value.flavors.map((flavor) => toShownFlavor(flavor, fields)),
    ...(value.signature !== undefined && { signature: value.signature }),
    ...(example !== undefined && { example }),
    environmentFiles: environmentFiles(value, listed),
    variables: value.envVars,
    more: moreOf(fields),
    ...(listed !== undefined && { files: listed }),
    canServe: !value.isExternal && value.flavors.some(({ name }) => name === 'python_function' || name === 'crate'),
  };
};

/** A store may be unable to list them; the page is there all the same. */
const listFiles = async (files: ModelFiles, signal?: AbortSignal): Promise<readonly ModelFile[] | undefined> => {
  try {
    return (await files.list(signal))?.toSorted((a, b) => a.path.localeCompare(b.path));
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
};

const readExample = async ({ inputExample }: Mlmodel, files: ModelFiles, signal?: AbortSignal): Promise<string | undefined> => {
  if (inputExample === undefined) return undefined;
  try {
    return await files.read(inputExample.artifactPath, signal);
  } catch (error) {
    signal?.throwIfAborted();
    return `It cannot be read: ${errorMessage(error)}`;
  }
};

const factsOf = (model: Mlmodel, fields: YamlFields, files: readonly ModelFile[] | undefined): readonly NamedValue[] => {
  const size = model.modelSizeBytes ?? (files === undefined ? undefined : files.reduce((sum, file) => sum + (file.size ?? 0), 0));
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Created', model.utcTimeCreated === undefined ? textOf(fields['time_created']) : `${model.utcTimeCreated.replace(/\.\d+$/, '')} UTC`],
    ['Written by', model.mlflowVersion === undefined ? undefined : `mlflow ${model.mlflowVersion}`],
    ['Size', size === undefined ? undefined : formatBytes(size)],
    ['Kind', model.task],
    ['Model id', model.modelId],
    ['UUID', model.modelUuid],
    ['Run', model.runId],
    ['Artifact path', model.artifactPath],
    ['Databricks runtime', textOf(fields['databricks_runtime'])],
  ];
  return facts.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
};

const textOf = (value: YamlValue | undefined): string | undefined => (typeof value === 'string' || typeof value === 'number' ? String(value) : undefined);

/** Beside the flavor's name, and with the environment files. */
const shownElsewhere = new Set(['loader_module', 'env']);

const toShownFlavor = ({ name }: Flavor, fields: YamlFields): ShownFlavor => {
  const config = asFields(asFields(fields['flavors'])?.[name]) ?? {};
  const loader = textOf(config['loader_module']);
  const values = Object.entries(config).filter(([key, value]) => !shownElsewhere.has(key) && value !== null);
  return { name, ...(loader !== undefined && { loader }), values: values.map(([key, value]) => ({ name: key, value: shown(value) })) };
};

const asFields = (value: YamlValue | undefined): YamlFields | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as YamlFields) : undefined;

const shown = (value: YamlValue): string => (typeof value === 'object' && value !== null ? jsonOf(value) : String(value));

const jsonOf = (value: YamlValue): string => JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? inner.toString() : inner), 2);

const moreOf = (fields: YamlFields): readonly NamedValue[] =>
  Object.entries(fields).flatMap(([name, value]) => (placed.has(name) || value === null ? [] : [{ name, value: shown(value) }]));

/** Those that the file names, and requirements.txt, which it does not. */
const environmentFiles = ({ flavors }: Mlmodel, files: readonly ModelFile[] | undefined): readonly string[] => {
  const named = flavors.flatMap(({ environment }) => [environment?.virtualenv, environment?.conda]).filter((path) => path !== undefined);
  const usual = ['requirements.txt', 'python_env.yaml', 'conda.yaml'].filter((path) => files?.some((file) => file.path === path));
  return [...new Set([...usual, ...named])];
};
