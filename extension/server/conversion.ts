import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, linkSync, openSync, renameSync, rmSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';

import type { ConversionReport, ConversionRequest } from '../../schemas/workbench-api.ts';
import { importModel } from '../registry/sqlite-import.ts';
import { MlflowError } from '../shared/errors.ts';
import { sql, type SqlQuery } from '../shared/sql.ts';
import { checkFileStore } from '../tracking/file-store.ts';
import { importExperiment, importLoggedModel, importRun } from '../tracking/sqlite-import.ts';
import { Connection } from './connection.ts';
import { ConversionCounts, countedTables } from './conversion-counts.ts';
import { openSource, problemsOf, readModels, readRun, readVersions, type ConversionSource } from './conversion-source.ts';
import { defaultArtifactRoot } from './database.ts';
import { SchemaView } from './schema-view.ts';
import { explainSqliteError } from './sqlite-errors.ts';
import { createStoreFile } from './store-file.ts';

export type OnProgress = (done: number, total: number) => void;

/**
 * Copies a folder as MLflow's `mlruns/` into a new SQLite file, as `mlflow migrate-filestore` does: ids are kept, artifacts
 * stay where they are, the folder is only read. The file gets its name when it is whole, counted and checked.
 */
export const convertToSqlite = async ({ from, to }: ConversionRequest, onProgress: OnProgress, signal: AbortSignal): Promise<ConversionReport> => {
  checkFileStore(from, false);
  refuseExisting(to);
  const draft = `${to}.${randomBytes(4).toString('hex')}.draft`;
  try {
    createStoreFile(draft, defaultArtifactRoot(to));
    const report = await fill(draft, openSource(from), onProgress, signal);
    giveName(draft, to);
    return report;
  } catch (error) {
    throw explainSqliteError(error, to);
  } finally {
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(draft + suffix, { force: true });
  }
};

const refuseExisting = (path: string): void => {
  if (existsSync(path)) throw new MlflowError('RESOURCE_ALREADY_EXISTS', `${path} is there already: convert into a new file`);
};

/** A link never replaces what somebody has put there in the meantime. */
const giveName = (draft: string, path: string): void => {
  const file = openSync(draft, 'r+');
  fsyncSync(file);
  closeSync(file);
  try {
    linkSync(draft, path);
  } catch {
    // It is taken now, or this drive knows no links.
    refuseExisting(path);
    renameSync(draft, path);
  }
};

const fill = async (draft: string, source: ConversionSource, onProgress: OnProgress, signal: AbortSignal): Promise<ConversionReport> => {
  const connection = new Connection(draft);
  try {
    // Until it has its name nobody else looks at the file.
    connection.execute('BEGIN IMMEDIATE');
    const filler = new Filler(connection, source);
    await filler.fill(onProgress, signal);
    connection.execute('COMMIT');
    return { counts: verify(connection, filler.counts), remarks: filler.remarks };
  } finally {
    connection.rollback();
    connection.dispose();
  }
};

/** What was counted while it was read must be what is there now. */
const verify = (connection: Connection, counts: ConversionCounts): Readonly<Record<string, number>> => {
  const found = Object.fromEntries(countedTables.map((table) => [table, connection.get<{ n: number }>(countOf(table))?.n ?? 0]));
  const different = countedTables.filter((table) => found[table] !== counts.of(table));
  const check = connection.get<{ result: string }>({ text: 'SELECT integrity_check AS result FROM pragma_integrity_check', values: [] })?.result;
  const lost = connection.all({ text: 'SELECT 1 FROM pragma_foreign_key_check', values: [] }).length;
  if (different.length === 0 && check === 'ok' && lost === 0) return found;
  const details = different.map((table) => `${table}: ${counts.of(table)} read, ${found[table]} stored`);
  throw new MlflowError(
    'INTERNAL_ERROR',
    `The converted file did not pass its check, and was not kept: ${[...details, `integrity ${check}`, `${lost} lost references`].join(', ')}`,
  );
};

const countOf = (table: (typeof countedTables)[number]): SqlQuery => ({ text: `SELECT count(*) AS n FROM ${table}`, values: [] });

/** Copies part by part, and lets others come in between. */
class Filler {
  readonly counts = new ConversionCounts();
  readonly remarks: string[] = [];
  readonly #connection: Connection;
  readonly #schema: SchemaView;
  readonly #source: ConversionSource;
  readonly #names = new Set<string>();
  readonly #runs = new Set<string>();

  constructor(connection: Connection, source: ConversionSource) {
    this.#connection = connection;
    this.#schema = new SchemaView(connection);
    this.#schema.refresh();
    this.#source = source;
  }

  async fill(onProgress: OnProgress, signal: AbortSignal): Promise<void> {
    const { experiments, runs, models, traces } = this.#source;
    const steps = [
      () => void this.#connection.run(sql`DELETE FROM experiments`),
      ...experiments.map((experiment) => () => this.#addExperiment(experiment)),
      ...runs.map((one) => () => this.#addRun(one)),
      ...experiments.map((experiment) => () => this.#addModels(experiment)),
      ...models.map((model) => () => this.#addRegisteredModel(model)),
    ];
    for (const [done, step] of steps.entries()) {
      step();
      onProgress(done + 1, steps.length);
      await nextTurn(undefined, { signal });
    }
    if (traces > 0) this.remarks.push(`${traces} traces were left out: they stay in the folder`);
  }

  /** Names are unique in a database. */
  #addExperiment({ experiment, problem }: ConversionSource['experiments'][number]): void {
    const { experimentId } = experiment;
    if (problem !== undefined) this.remarks.push(`Experiment ${experimentId}: ${problem}`);
    const name = this.#names.has(experiment.name) ? `${experiment.name} (${experimentId})` : experiment.name;
    if (name !== experiment.name) this.remarks.push(`Experiment ${experimentId} is called '${name}': another one has its name`);
    this.#names.add(name);
    const tags = problem === undefined ? experiment.tags : [];
    importExperiment(this.#connection, { ...experiment, name, tags });
    this.counts.add('experiments', 1);
    this.counts.add('experiment_tags', tags.length);
  }

  #addRun({ run, experiment }: ConversionSource['runs'][number]): void {
    const { folder } = experiment.place;
    const problem = problemsOf(run, folder);
    if (problem !== undefined) this.remarks.push(`Run ${run.runId}: ${problem}${run.problem === undefined ? '' : ': it was left out'}`);
    if (run.problem !== undefined) return;
    if (this.#runs.has(run.runId)) return void this.remarks.push(`Run ${run.runId} is there twice: the one in ${folder} was left out`);
    this.#runs.add(run.runId);
    const imported = readRun(run, folder);
    importRun(this.#connection, this.#schema, imported);
    this.counts.addRun(imported);
  }

  #addModels(experiment: ConversionSource['experiments'][number]): void {
    for (const imported of readModels(experiment, (runId) => this.#runs.has(runId))) {
      importLoggedModel(this.#connection, imported);
      this.counts.addModel(imported);
    }
  }

  #addRegisteredModel(folder: ConversionSource['models'][number]): void {
    const { reading } = folder.meta;
    if ('problem' in reading) return void this.remarks.push(`Registered model ${folder.name}: ${reading.problem}: it was left out`);
    const [model, versions] = [folder.toModel(), readVersions(folder)];
    importModel(this.#connection, model, versions);
    this.counts.add('registered_models', 1);
    this.counts.add('registered_model_tags', model.tags.length);
    this.counts.add('registered_model_aliases', model.aliases.length);
    this.counts.add('model_versions', versions.length);
    for (const { version } of versions) this.counts.add('model_version_tags', version.tags.length);
  }
}
