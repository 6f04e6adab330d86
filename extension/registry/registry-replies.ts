import type { WireModelVersion, WireRegisteredModel } from '../../schemas/rest-api.ts';
import { listField } from '../tracking/rest-replies.ts';
import type { ModelVersion } from './model-version.ts';
import type { RegisteredModel } from './registered-model.ts';

/** From our names to the wire's, as MLflow's server writes them. */

export const modelVersionReply = (version: ModelVersion): WireModelVersion => ({
  name: version.name,
  version: String(version.version),
  creation_timestamp: version.creationTimestamp,
  last_updated_timestamp: version.lastUpdatedTimestamp,
  ...(version.userId !== undefined && { user_id: version.userId }),
  ...(version.currentStage !== undefined && { current_stage: version.currentStage }),
  ...(version.description !== undefined && { description: version.description }),
  source: version.source,
  ...(version.runId !== undefined && { run_id: version.runId }),
  status: version.status,
  ...(version.statusMessage && { status_message: version.statusMessage }),
  ...listField('tags', version.tags),
  ...(version.runLink !== undefined && { run_link: version.runLink }),
  ...listField('aliases', version.aliases),
});

/** An empty description is left out here, unlike in a version. */
export const registeredModelReply = (model: RegisteredModel): WireRegisteredModel => ({
  name: model.name,
  creation_timestamp: model.creationTimestamp,
  last_updated_timestamp: model.lastUpdatedTimestamp,
  ...(model.description && { description: model.description }),
  ...listField('latest_versions', model.latestVersions.map(modelVersionReply)),
  ...listField('tags', model.tags),
  ...listField(
    'aliases',
    model.aliases.map(({ alias, version }) => ({ alias, version: String(version) })),
  ),
});
