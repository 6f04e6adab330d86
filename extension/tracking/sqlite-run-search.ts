import { setImmediate as nextTurn } from 'node:timers/promises';

import type { FacetsReply, FacetsRequest, RunGroupsReply, RunGroupsRequest, RunSearchReply, RunSearchRequest } from '../../schemas/workbench-api.ts';
import { MlflowError } from '../shared/errors.ts';
import { sql, type Sql, type SqlQuery, type StoreDatabase } from '../shared/sql.ts';
import { checkWork, readFacetsSelection, readGroupQuery, readRowQuery, type RowQuery, type RunSelection } from './run-query.ts';
import { conditionsOf } from './search/rich/run-filter.ts';
import type { Language } from './search/rich/language.ts';
import { compilePattern } from './search/rich/regular-expression.ts';
import type { RunTerm } from './search/rich/run-term.ts';
import { readDirections } from './sqlite-directions.ts';
import { readFacets } from './sqlite-facets.ts';
import { forgetSummaries, refreshSummaries, summarize, summaryChunk, unsummarizedRuns } from './sqlite-metric-summaries.ts';
import { searchRunGroups } from './sqlite-run-groups.ts';
import { countRuns, listRuns, readRows, viewSql, type RunList } from './sqlite-run-rows.ts';
import { VersionCache } from './version-cache.ts';

/** Metrics of whose histories something is kept. */
const mostKeys = 50;

export interface SqliteRunSearchOptions {
  /** Changes with every commit; without it nothing is kept between searches. */
  readonly versionOf?: () => string;
  /** ms that a search may take to read histories that nobody has asked for before. */
  readonly mostTime?: number;
}

/** Searches in a database: lists of runs and facets are kept until something is committed, summaries of histories grow with them. */
export class SqliteRunSearch {
  readonly #database: StoreDatabase;
  readonly #lists: VersionCache<RunList>;
  readonly #facets: VersionCache<FacetsReply>;
  readonly #keys = new Set<string>();
  readonly #mostTime: number;

  constructor(database: StoreDatabase, { versionOf, mostTime = 20_000 }: SqliteRunSearchOptions = {}) {
    this.#database = database;
    this.#mostTime = mostTime;
    this.#lists = new VersionCache(versionOf);
    this.#facets = new VersionCache(versionOf);
  }

  async searchRows(request: RunSearchRequest, signal?: AbortSignal): Promise<RunSearchReply> {
    const query = this.#database.read((db) => this.#affordable(db, readRowQuery(request, languageOf(db, request))));
    const keys = historyKeys(termsOf(query.selection, query.order));
    const shownKeys = historyKeys(query.columns);
    this.#makeRoom([...keys, ...shownKeys]);
    if (!this.#database.read(() => this.#isListed(query))) await this.#prepare(keys, query.selection, signal);
    return this.#database.read((db) => {
      if (!this.#isListed(query)) this.#complete(db, keys, viewSql(query.selection));
      const { total, ids } = this.#list(db, query);
      const page = ids.slice(query.offset, query.offset + query.limit);
      this.#complete(db, shownKeys, sql`r.rowid IN (SELECT value FROM json_each(${JSON.stringify(page)}))`);
      return { total, rows: readRows(db, this.#database.schema, page, query) };
    });
  }

  async groupRows(request: RunGroupsRequest, signal?: AbortSignal): Promise<RunGroupsReply> {
    const query = this.#database.read((db) => this.#affordable(db, readGroupQuery(request, languageOf(db, request))));
    const keys = historyKeys([...termsOf(query.selection), ...query.columns]);
    this.#makeRoom(keys);
    await this.#prepare(keys, query.selection, signal);
    return this.#database.read((db) => {
      this.#complete(db, keys, viewSql(query.selection));
      return searchRunGroups(db, this.#database.schema, query);
    });
  }

  async facets(request: FacetsRequest): Promise<FacetsReply> {
    const selection = readFacetsSelection(request);
    const key = JSON.stringify(selection);
    return this.#database.read((db) => this.#facets.get(key) ?? this.#facets.put(key, readFacets(db, this.#database.schema, selection)));
  }

  #affordable<Query extends { readonly selection: RunSelection }>(db: Sql, query: Query): Query {
    if (conditionsOf(query.selection.filter).length > 0) checkWork(query.selection, countRuns(db, viewSql(query.selection)));
    return query;
  }

  #isListed(query: RowQuery): boolean {
    const list = this.#lists.get(listKey(query));
    return list !== undefined && list.ids.length >= Math.min(list.total, query.offset + query.limit);
  }

  #list(db: Sql, query: RowQuery): RunList {
    const known = this.#isListed(query) ? this.#lists.get(listKey(query)) : undefined;
    return known ?? this.#lists.put(listKey(query), listRuns(db, this.#database.schema, query));
  }

  /** Reads histories that nobody has asked for before, a few runs at a time: others, and the end of the request, come in between. */
  async #prepare(keys: readonly string[], selection: RunSelection, signal?: AbortSignal): Promise<void> {
    const end = performance.now() + this.#mostTime;
    for (const key of keys) {
      const runIds = this.#database.read((db) => this.#missing(db, key, viewSql(selection)));
      for (let at = 0; at + summaryChunk < runIds.length; at += summaryChunk) {
        this.#database.read((db) => this.#summarize(db, key, runIds.slice(at, at + summaryChunk)));
        await nextTurn(undefined, { signal });
        if (performance.now() > end) throw tooLong(key, this.#mostTime);
      }
    }
  }

  /** What has come in the meantime, or is little anyway; in the snapshot of the search. */
  #complete(db: Sql, keys: readonly string[], where: SqlQuery): void {
    for (const key of keys) {
      const runIds = this.#missing(db, key, where);
      for (let at = 0; at < runIds.length; at += summaryChunk) summarize(db, this.#database.schema, key, runIds.slice(at, at + summaryChunk));
    }
  }

  #missing(db: Sql, key: string, where: SqlQuery): readonly string[] {
    refreshSummaries(db);
    return unsummarizedRuns(db, key, where);
  }

  #summarize(db: Sql, key: string, runIds: readonly string[]): void {
    refreshSummaries(db);
    summarize(db, this.#database.schema, key, runIds);
  }

  /** Before a search, never in one: it needs all of its own. */
  #makeRoom(keys: readonly string[]): void {
    const all = new Set([...this.#keys, ...keys]);
    if (all.size > mostKeys) {
      this.#database.read(forgetSummaries);
      this.#keys.clear();
      // Pages of lists ask for the same histories again.
      this.#lists.clear();
    }
    for (const key of keys) this.#keys.add(key);
  }
}

const listKey = ({ selection, order }: RowQuery): string => JSON.stringify([selection, order]);

const tooLong = (key: string, mostTime: number): MlflowError =>
  new MlflowError(
    'TEMPORARILY_UNAVAILABLE',
    `To read all histories of '${key}' takes longer than ${mostTime / 1000} s. What has been read is kept: the next attempt goes on from there.`,
  );

const languageOf = (db: Sql, { experimentIds }: { readonly experimentIds: readonly string[] }): Language => ({
  directionOf: readDirections(db, experimentIds),
  checkPattern: compilePattern,
});

const termsOf = ({ filter }: RunSelection, order: RowQuery['order'] = []): readonly RunTerm[] => [
  ...conditionsOf(filter).flatMap((leaf) => (leaf.kind === 'condition' ? [leaf.term] : [])),
  ...order.map(({ term }) => term),
];

const historyKeys = (terms: readonly RunTerm[]): readonly string[] => [...new Set(terms.flatMap((term) => (term.kind === 'history' ? [term.key] : [])))];
