import { join } from 'node:path';

import { asModelId, asRunId } from '../../schemas/ids.ts';
import { makeNewFolder, removeFile, writeWhole } from '../tracking/file-io.ts';
import { findLoggedModel } from '../tracking/file-logged-models.ts';
import { writeMeta } from '../tracking/file-meta.ts';
import { addModelVersion, modelVersionsTag } from '../tracking/logged-model.ts';
import { aliasesOf, findModel } from './file-model.ts';
import { getModel, getVersion, highestVersion, touch, toVersion, versionByAlias, type Registry } from './file-registry.ts';
import type { ModelVersion } from './model-version.ts';
import { checkModelName, isPrompt } from './registered-model.ts';
import type { CreateModelVersion, TransitionModelVersionStage } from './registry-store.ts';
import { checkVersionTag } from './registry-tag.ts';
import { resolveSource, type SourceLookup } from './version-source.ts';

export const createVersion = (registry: Registry, version: CreateModelVersion): ModelVersion => {
  const { source, storageLocation, runId } = resolveSource(sourceLookup(registry), version);
  const { name, modelId, tags = [], description = '', runLink = '' } = version;
  checkModelName(name);
  tags.forEach(checkVersionTag);
  const model = getModel(registry, name);
  const number = Math.max(0, ...model.allVersions.map((one) => one.version)) + 1;
  const folder = join(model.folder, `version-${number}`);
  makeNewFolder(folder);
  for (const { key, value } of tags) writeWhole(join(folder, 'tags', key), value, folder);
  const time = registry.now();
  writeMeta(folder, {
    creation_timestamp: time,
    current_stage: 'None',
    description,
    last_updated_timestamp: time,
    model_id: modelId ?? null,
    name,
    run_id: runId,
    run_link: runLink,
    source,
    status: 'READY',
    status_message: null,
    storage_location: storageLocation,
    user_id: null,
    version: number,
  });
  touch(model, time);
  if (modelId && !isPrompt(tags)) linkVersion(registry, modelId, { name, version: number });
  return toVersion(getVersion(registry, name, number));
};

const linkVersion = ({ index }: Registry, modelId: string, version: { readonly name: string; readonly version: number }): void => {
  const model = findLoggedModel(index, asModelId(modelId));
  if (model === undefined) return;
  writeWhole(join(model.folder, 'tags', modelVersionsTag), addModelVersion(model.tags.get(modelVersionsTag) ?? '[]', version), model.folder);
};

const sourceLookup = (registry: Registry): SourceLookup => ({
  runLocation: (runId) => registry.index.run(asRunId(runId))?.run.info.artifactUri,
  loggedModel(modelId) {
    const model = findLoggedModel(registry.index, modelId);
    if (model === undefined || model.isDeleted) return undefined;
    const { artifactLocation, sourceRunId = null } = model.model;
    return { artifactLocation, sourceRunId };
  },
  modelTags: (name) => findModel(registry.root, name)?.tags,
  version: (name, version) => toVersion(getVersion(registry, name, version)),
  versionByAlias: (name, alias) => versionByAlias(registry, name, alias),
  highestVersion: (name, stage) => highestVersion(getModel(registry, name), stage),
  downloadUri: (name, version) => getVersion(registry, name, version).folder.location,
});

export const transitionVersion = (registry: Registry, { name, version, stage, archiveExistingVersions }: TransitionModelVersionStage): ModelVersion => {
  const found = getVersion(registry, name, version);
  const time = registry.now();
  const others = archiveExistingVersions === true ? found.model.versions.filter((one) => one.version !== version && one.fields['current_stage'] === stage) : [];
  for (const other of others) other.meta.update({ current_stage: 'Archived', last_updated_timestamp: time });
  found.folder.meta.update({ current_stage: stage, last_updated_timestamp: time });
  touch(found.model, time);
  return toVersion(found);
};

/** The folder stays, as with MLflow, with all that it says. */
export const deleteVersion = (registry: Registry, name: string, version: number): void => {
  const { model, folder } = getVersion(registry, name, version);
  const time = registry.now();
  for (const alias of aliasesOf(model.aliases, version)) removeFile(join(model.folder, 'aliases', alias));
  folder.meta.update({ current_stage: 'Deleted_Internal', last_updated_timestamp: time });
  touch(model, time);
};
