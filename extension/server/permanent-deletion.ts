import { workbenchPrefix, type PermanentDeletionReply, type PermanentDeletionRequest } from '../../schemas/workbench-api.ts';
import type { ArtifactRoots } from '../artifacts/artifact-roots.ts';
import type { Parsed } from '../shared/endpoint.ts';
import { checkContentType, readJsonObject } from '../shared/request-body.ts';
import { parseFields } from '../shared/request-fields.ts';
import { readBody } from './body.ts';
import type { SqliteDatabase } from './database.ts';
import { handleArtifacts } from './deleted-artifacts.ts';
import { deleteRows, findDeletedItems } from './deleted-rows.ts';
import { jsonReply } from './errors.ts';
import type { Route } from './workbench-routes.ts';

const fields = {
  runIds: { type: 'string', repeated: true },
  experimentIds: { type: 'string', repeated: true },
  modelIds: { type: 'string', repeated: true },
  dryRun: { type: 'bool' },
} as const;

export const permanentDeletionRoute = (database: SqliteDatabase, roots: ArtifactRoots): Route => ({
  method: 'POST',
  path: `${workbenchPrefix}/permanent-deletion`,
  handle: async (request) => {
    checkContentType(request.headers.get('content-type') ?? undefined);
    const { dryRun = false, ...ids } = parseFields(fields, readJsonObject(await readBody(request))) as Parsed<typeof fields>;
    return jsonReply(await deletePermanently(database, roots, { ...ids, dryRun }));
  },
});

/**
 * Artifacts first, then rows, as `mlflow gc` does: what is cut short in between is still listed as deleted
 * and goes the next time.
 */
const deletePermanently = async (database: SqliteDatabase, roots: ArtifactRoots, request: PermanentDeletionRequest): Promise<PermanentDeletionReply> => {
  // A store that cannot be written must not lose its files, and a dry run says what a real one would meet.
  const items = await database.write((write) => findDeletedItems(write, database.schema, request));
  const outcomes = [];
  for (const item of [...items.runs, ...items.models]) outcomes.push(await handleArtifacts(roots, item, request.dryRun !== true));
  if (request.dryRun !== true) await database.write((write) => deleteRows(write, database.schema, items));
  return {
    runIds: items.runs.map((run) => run.id),
    experimentIds: items.experimentIds,
    modelIds: items.models.map((model) => model.id),
    files: outcomes.reduce((sum, { files }) => sum + files, 0),
    bytes: outcomes.reduce((sum, { bytes }) => sum + bytes, 0),
    kept: outcomes.flatMap(({ kept }) => kept ?? []),
  };
};
