import type { RunId } from '../../schemas/ids.ts';
import { listFolder, openArtifact } from './artifact-folder.ts';
import { parseArtifactFolder, parseArtifactPath } from './artifact-path.ts';
import type { ArtifactRepository } from './artifact-repository.ts';
import { bytesOf } from './artifact-reply.ts';
import type { ArtifactRoots } from './artifact-roots.ts';

/** Where a run keeps its artifacts, as its row says it. */
export type ArtifactUriOf = (runId: RunId) => Promise<string>;

/** The artifacts of a store on this machine. */
export const createLocalArtifactRepository = (artifactUriOf: ArtifactUriOf, roots: ArtifactRoots): ArtifactRepository => ({
  listArtifacts: async (runId, path) => listFolder(await roots.folderOf(await artifactUriOf(runId)), parseArtifactFolder(path)),
  downloadArtifact: async (runId, path) => {
    const artifactPath = parseArtifactPath(path);
    const { handle, size } = await openArtifact(await roots.folderOf(await artifactUriOf(runId)), artifactPath);
    return bytesOf(handle, { start: 0, end: size - 1 });
  },
});
