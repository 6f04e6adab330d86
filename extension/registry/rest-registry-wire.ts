import { asRunId } from '../../schemas/ids.ts';
import type { WireModelVersion, WireRegisteredModel } from '../../schemas/rest-api.ts';
import { toTags } from '../tracking/rest-wire.ts';
import { isModelVersionStatus, type ModelVersion } from './model-version.ts';
import type { RegisteredModel } from './registered-model.ts';
import { isStage } from './stage.ts';

/** From the wire's names to ours: the one translation of the client of the registry. */

export const toModelVersion = (wire: WireModelVersion): ModelVersion => ({
  name: wire.name,
  version: Number(wire.version),
  creationTimestamp: Number(wire.creation_timestamp),
  lastUpdatedTimestamp: Number(wire.last_updated_timestamp ?? wire.creation_timestamp),
  ...(wire.description !== undefined && { description: wire.description }),
  ...(wire.user_id !== undefined && { userId: wire.user_id }),
  ...(wire.current_stage !== undefined && isStage(wire.current_stage) && { currentStage: wire.current_stage }),
  source: wire.source ?? '',
  ...(wire.run_id !== undefined && { runId: asRunId(wire.run_id) }),
  ...(wire.run_link !== undefined && { runLink: wire.run_link }),
  status: isModelVersionStatus(wire.status) ? wire.status : 'READY',
  ...(wire.status_message !== undefined && { statusMessage: wire.status_message }),
  tags: toTags(wire.tags),
  aliases: wire.aliases ?? [],
});

export const toRegisteredModel = (wire: WireRegisteredModel): RegisteredModel => ({
  name: wire.name,
  creationTimestamp: Number(wire.creation_timestamp),
  lastUpdatedTimestamp: Number(wire.last_updated_timestamp ?? wire.creation_timestamp),
  ...(wire.description !== undefined && { description: wire.description }),
  latestVersions: (wire.latest_versions ?? []).map(toModelVersion),
  tags: toTags(wire.tags),
  aliases: (wire.aliases ?? []).map(({ alias, version }) => ({ alias, version: Number(version) })),
});
