import type { RunId } from '../../schemas/ids.ts';
import { openArtifact } from '../artifacts/artifact-folder.ts';
import { nameOf, parseArtifactPath } from '../artifacts/artifact-path.ts';
import { artifactReply } from '../artifacts/artifact-reply.ts';
import type { ArtifactRoots } from '../artifacts/artifact-roots.ts';
import type { BinaryRequest, BinaryRoute } from '../shared/endpoint.ts';
import { splitUri } from '../shared/uri.ts';
import { appendToLocation } from '../tracking/artifact-uri.ts';
import { parseModelUri } from './model-uri.ts';
import { parseVersionNumber } from './model-version.ts';
import type { RegistryStore } from './registry-store.ts';

export interface VersionArtifactOptions {
  readonly store: RegistryStore;
  readonly artifactUriOf: (runId: RunId) => Promise<string>;
  readonly roots: ArtifactRoots;
}

/** The bytes of a version's files. */
export const registryBinaryRoutes = (options: VersionArtifactOptions): readonly BinaryRoute[] => [
  { method: 'GET', path: '/model-versions/get-artifact', handle: (request) => getVersionArtifact(options, request) },
];

const getVersionArtifact = async ({ store, artifactUriOf, roots }: VersionArtifactOptions, { query, headers, signal }: BinaryRequest): Promise<Response> => {
  const path = parseArtifactPath(query.get('path') ?? '');
  const version = parseVersionNumber(query.get('version') ?? '');
  const location = await store.getModelVersionDownloadUri(query.get('name') ?? '', version, signal);
  const root = await roots.folderOf(await resolveRunLocation(location, artifactUriOf));
  return artifactReply(await openArtifact(root, path), nameOf(path), headers.get('range'));
};

/** A location that a client gave as `runs:/id/path` is below that run's artifacts. */
const resolveRunLocation = async (location: string, artifactUriOf: VersionArtifactOptions['artifactUriOf']): Promise<string> => {
  if (splitUri(location).scheme !== 'runs') return location;
  const uri = parseModelUri(location);
  if (uri.kind !== 'run') return location;
  const root = await artifactUriOf(uri.runId);
  return uri.path === '' ? root : appendToLocation(root, ...parseArtifactPath(uri.path));
};
