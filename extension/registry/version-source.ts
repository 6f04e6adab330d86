import { MlflowError } from '../shared/errors.ts';
import { splitUri } from '../shared/uri.ts';
import { loggedModelNotFound, type LoggedModelOrigin } from '../tracking/logged-model.ts';
import type { Tag } from '../tracking/run.ts';
import { parseModelUri, versionUri, type ModelUri } from './model-uri.ts';
import type { ModelVersion } from './model-version.ts';
import { isPrompt, modelNotFound } from './registered-model.ts';
import type { CreateModelVersion } from './registry-store.ts';
import { checkPromptSource, checkSource, checkSourceHost, invalidSource, notOwner } from './source-rules.ts';
import { parseStage, type Stage } from './stage.ts';

/** Where a new version comes from, with `models:/` addresses followed. */
export interface VersionSource {
  readonly source: string;
  /** Where the files are. */
  readonly storageLocation: string;
  /** Empty when there is none. */
  readonly runId: string;
}

/** Where a store looks for what a source names; a version that is not there is an error of its own. */
export interface SourceLookup {
  runLocation(runId: string): string | undefined;
  loggedModel(modelId: string): LoggedModelOrigin | undefined;
  /** Undefined when there is no such model. */
  modelTags(name: string): readonly Tag[] | undefined;
  version(name: string, version: number): ModelVersion;
  versionByAlias(name: string, alias: string): ModelVersion;
  highestVersion(name: string, stage?: Stage): ModelVersion | undefined;
  downloadUri(name: string, version: number): string;
}

/** By MLflow's rules for sources: a client must not register, and so get at, files that are not of the run or model it names. */
export const resolveSource = (lookup: SourceLookup, version: CreateModelVersion): VersionSource => {
  const { source, tags = [] } = version;
  const [runId, modelId]: readonly [string, string] = [version.runId ?? '', version.modelId ?? ''];
  checkSourceHost(source);
  if (isPrompt(tags)) {
    checkPromptSource(source);
    return { source, storageLocation: source, runId };
  }
  if (splitUri(source).scheme === 'models') return resolveModelSource(lookup, version);
  if (modelId === '') {
    checkSource(source, { kind: 'run', id: runId, location: lookup.runLocation(runId) });
    return { source, storageLocation: source, runId };
  }
  const model = lookup.loggedModel(modelId);
  checkSource(source, { kind: 'model', id: modelId, location: model?.artifactLocation });
  return { source, storageLocation: source, runId: runIdOf(version, model) };
};

/** A version takes the run of its logged model unless it names one. */
const runIdOf = ({ runId, modelId }: CreateModelVersion, model: LoggedModelOrigin | undefined): string => {
  if (model === undefined) throw loggedModelNotFound(modelId ?? '');
  return runId || (model.sourceRunId ?? '');
};

const resolveModelSource = (lookup: SourceLookup, version: CreateModelVersion): VersionSource => {
  const { source, modelId } = version;
  if ((splitUri(source).authority ?? '') !== '') throw invalidSource(source, 'Registered model sources must use the active model registry.');
  const uri = readModelUri(source);
  if (uri.kind !== 'logged-model') return copySource(lookup, version, findSourceVersion(lookup, source, uri));
  if (uri.modelId !== modelId) throw notOwner(source, { kind: 'model' });
  const model = lookup.loggedModel(modelId);
  return { source, runId: runIdOf(version, model), storageLocation: model?.artifactLocation ?? '' };
};

const readModelUri = (source: string): ModelUri => {
  try {
    return parseModelUri(source);
  } catch (error) {
    throw new MlflowError('INVALID_PARAMETER_VALUE', notOwner(source, { kind: 'model' }).message, { cause: error });
  }
};

/** A copy has the origin of what it copies. */
const copySource = (lookup: SourceLookup, { source, runId, modelId }: CreateModelVersion, original: ModelVersion): VersionSource => {
  const originalRunId = original.runId ?? '';
  if ((runId !== undefined && runId !== originalRunId) || (modelId ?? '') !== '') {
    throw invalidSource(source, 'The run_id and model_id request parameters must match the referenced model version.');
  }
  const { name, version } = original;
  return { source: versionUri(name, version), storageLocation: lookup.downloadUri(name, version), runId: originalRunId };
};

type RegisteredUri = Exclude<ModelUri, { kind: 'logged-model' }>;

const findSourceVersion = (lookup: SourceLookup, source: string, uri: RegisteredUri): ModelVersion => {
  if (uri.kind === 'run') throw notOwner(source, { kind: 'run' });
  const tags = lookup.modelTags(uri.name);
  if (tags === undefined) throw modelNotFound(uri.name);
  if (isPrompt(tags)) throw invalidSource(source, 'Prompt versions cannot be used as model version sources.');
  if (uri.kind === 'version') return lookup.version(uri.name, uri.version);
  if (uri.kind === 'alias') return lookup.versionByAlias(uri.name, uri.alias);
  const version = lookup.highestVersion(uri.name, uri.kind === 'stage' ? parseStage(uri.stage) : undefined);
  if (version !== undefined) return version;
  throw new MlflowError(
    'RESOURCE_DOES_NOT_EXIST',
    `No versions of model with name '${uri.name}'${uri.kind === 'stage' ? ` and stage '${uri.stage}'` : ''} found`,
  );
};
