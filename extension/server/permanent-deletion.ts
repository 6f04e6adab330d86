import { workbenchPrefix, type PermanentDeletionReply, type PermanentDeletionRequest } from '../../schemas/workbench-api.ts';
import type { ArtifactRoots } from '../artifacts/artifact-roots.ts';
import type { Parsed } from '../shared/endpoint.ts';
import { checkContentType, readJsonObject } from '../shared/request-body.ts';
import { parseFields } from '../shared/request-fields.ts';
import type { FileIndex } from '../tracking/file-index.ts';
import { readBody } from './body.ts';
import type { SqliteDatabase } from './database.ts';
import { handleArtifacts } from './deleted-artifacts.ts';
import { findDeletedFolders, removeFolders } from './deleted-folders.ts';
import type { DeletedItems } from './deleted-items.ts';
import { deleteRows, findDeletedRows } from './deleted-rows.ts';
import { jsonReply } from './errors.ts';
import type { Route } from './workbench-routes.ts';

const fields = {
  runIds: { type: 'string', repeated: true },
  experimentIds: { type: 'string', repeated: true },
  modelIds: { type: 'string', repeated: true },
  dryRun: { type: 'bool' },
} as const;

/** Finds and removes what one kind of store keeps of its runs; their artifacts are removed alike. */
interface Deletion {
  /** Throws when nothing could be removed: a dry run says what a real one would meet. */
  find(request: PermanentDeletionRequest): Promise<DeletedItems>;
  remove(items: DeletedItems): Promise<void>;
}

/** A store that cannot be written must not lose its files: to find is a write too. */
export const rowDeletion = (database: SqliteDatabase): Deletion => ({
  find: (request) => database.write((write) => findDeletedRows(write, database.schema, request)),
  remove: (items) => database.write((write) => deleteRows(write, database.schema, items)),
});

export const folderDeletion = (index: FileIndex): Deletion => ({
  find: async (request) => findDeletedFolders(index, request),
  remove: async (items) => removeFolders(index, items),
});

export const permanentDeletionRoute = (deletion: Deletion, roots: ArtifactRoots): Route => ({
  method: 'POST',
  path: `${workbenchPrefix}/permanent-deletion`,
  handle: async (request) => {
    checkContentType(request.headers.get('content-type') ?? undefined);
    const { dryRun = false, ...ids } = parseFields(fields, readJsonObject(await readBody(request))) as Parsed<typeof fields>;
    return jsonReply(await deletePermanently(deletion, roots, { ...ids, dryRun }));
  },
});

/**
 * Artifacts first, then all else, as `mlflow gc` does: what is cut short in between is still listed as deleted
 * and goes the next time.
 */
const deletePermanently = async (deletion: Deletion, roots: ArtifactRoots, request: PermanentDeletionRequest): Promise<PermanentDeletionReply> => {
  const items = await deletion.find(request);
  const outcomes = [];
  for (const item of [...items.runs, ...items.models]) outcomes.push(await handleArtifacts(roots, item, request.dryRun !== true));
  if (request.dryRun !== true) await deletion.remove(items);
  return {
    runIds: items.runs.map((run) => run.id),
    experimentIds: items.experimentIds,
    modelIds: items.models.map((model) => model.id),
    files: outcomes.reduce((sum, { files }) => sum + files, 0),
    bytes: outcomes.reduce((sum, { bytes }) => sum + bytes, 0),
    kept: outcomes.flatMap(({ kept }) => kept ?? []),
  };
};
