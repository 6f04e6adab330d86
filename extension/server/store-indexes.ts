import { workbenchIndexes } from '../../schemas/tracking-database.ts';
import { workbenchPrefix, type IndexesReply } from '../../schemas/workbench-api.ts';
import type { Parsed } from '../shared/endpoint.ts';
import { checkContentType, readJsonObject } from '../shared/request-body.ts';
import { parseFields } from '../shared/request-fields.ts';
import type { SqlSchema } from '../shared/sql.ts';
import { readBody } from './body.ts';
import type { SqliteDatabase } from './database.ts';
import { jsonReply } from './errors.ts';
import type { Route } from './workbench-routes.ts';

const path = `${workbenchPrefix}/indexes`;
const fields = { present: { type: 'bool', required: true } } as const;

export const indexRoutes = (database: SqliteDatabase): readonly Route[] => [
  { method: 'GET', path, handle: () => jsonReply(readIndexes(database)) },
  {
    method: 'POST',
    path,
    handle: async (request) => {
      checkContentType(request.headers.get('content-type') ?? undefined);
      const { present } = parseFields(fields, readJsonObject(await readBody(request))) as Parsed<typeof fields>;
      await (present ? makeIndexes(database) : removeIndexes(database));
      return jsonReply(readIndexes(database));
    },
  },
];

const readIndexes = (database: SqliteDatabase): IndexesReply =>
  database.read(() => ({
    present: workbenchIndexes.filter(({ name }) => database.schema.hasIndex(name)).map(({ name }) => name),
    missing: missingIndexes(database.schema).map(({ name }) => name),
  }));

const missingIndexes = (schema: SqlSchema): typeof workbenchIndexes =>
  workbenchIndexes.filter(
    ({ name, definition, unless }) => schema.has(tableOf(definition)) && !schema.hasIndex(name) && (unless === undefined || !schema.hasIndex(unless)),
  );

const tableOf = (definition: string): string => definition.slice(0, definition.indexOf(' '));

/** Each in a transaction of its own: nobody waits for the lock longer than one takes. */
const makeIndexes = async (database: SqliteDatabase): Promise<void> => {
  for (const { name, definition } of database.read(() => missingIndexes(database.schema)))
    await database.write((write) => write.run({ text: `CREATE INDEX IF NOT EXISTS ${name} ON ${definition}`, values: [] }));
};

const removeIndexes = async (database: SqliteDatabase): Promise<void> => {
  for (const { name } of workbenchIndexes) await database.write((write) => write.run({ text: `DROP INDEX IF EXISTS ${name}`, values: [] }));
};
