import { MlflowError } from '../shared/errors.ts';
import { pythonJson, pythonRepr } from '../shared/python-text.ts';
import type { Tag } from '../tracking/run.ts';
import type { Alias } from './alias.ts';
import type { ModelVersion } from './model-version.ts';

export interface RegisteredModel {
  readonly name: string;
  /** ms since the epoch. */
  readonly creationTimestamp: number;
  readonly lastUpdatedTimestamp: number;
  readonly description?: string;
  /** The highest version of each stage that has one. */
  readonly latestVersions: readonly ModelVersion[];
  readonly tags: readonly Tag[];
  readonly aliases: readonly Alias[];
}

/** MLflow keeps prompts among the models, told apart by this tag. */
export const isPromptTag = 'mlflow.prompt.is_prompt';

/** When a key comes twice, the last one counts. */
export const isPrompt = (tags: readonly Tag[]): boolean => tags.findLast((tag) => tag.key === isPromptTag)?.value.toLowerCase() === 'true';

const hasPromptTag = (tags: readonly Tag[]): boolean => tags.some((tag) => tag.key === isPromptTag);

const invalid = (message: string): MlflowError => new MlflowError('INVALID_PARAMETER_VALUE', message);

export const checkModelName = (name: string, parameter = 'name'): void => {
  if (name.trim() === '') throw invalid(`Missing value for required parameter '${parameter}'.`);
  if (/[/:]/.test(name)) throw invalid(`Invalid model name '${name}'. Names cannot contain '/' or ':'.`);
  if (!name.startsWith('..') && name !== '.') return;
  throw invalid(
    `Invalid value ${pythonJson(name)} for parameter 'name' supplied: Names may be treated as files in certain cases, ` +
      `and must not resolve to other names when treated as such. This name would resolve to ${pythonRepr(name)}`,
  );
};

export const modelNotFound = (name: string): MlflowError => new MlflowError('RESOURCE_DOES_NOT_EXIST', `Registered Model with name=${name} not found`);

/** Models and prompts share their names. */
export const nameTaken = (name: string, existing: readonly Tag[], wanted: readonly Tag[]): MlflowError => {
  const [old, created] = [existing, wanted].map((tags) => (hasPromptTag(tags) ? 'Prompt' : 'Registered Model'));
  const message =
    old === created
      ? `${created} (name=${name}) already exists.`
      : `Tried to create a ${created?.toLowerCase()} with name ${pythonRepr(name)}, but the name is already taken by a ${old?.toLowerCase()}. ` +
        'MLflow does not allow creating a model and a prompt with the same name.';
  return new MlflowError('RESOURCE_ALREADY_EXISTS', message);
};
