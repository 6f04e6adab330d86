import { join } from 'node:path';

import Database from 'better-sqlite3';
import { beforeAll, describe, expect, test } from 'vitest';

import { openDatabase } from '../../extension/server/database.ts';
import { fetchClient } from '../../extension/shared/rest-client.ts';
import { sql } from '../../extension/shared/sql.ts';
import { createRestTrackingStore } from '../../extension/tracking/rest-tracking-store.ts';
import type { TrackingStore } from '../../extension/tracking/tracking-store.ts';
import { asExperimentId, type RunId } from '../../schemas/ids.ts';
import { bundleServerProgram, startServerProgram } from '../support/server-program.ts';
import { newTempFolder } from '../support/store-database.ts';

/** Of each journal mode; as many kills again in `npm run test:full` as make a thousand. */
const kills = process.env['MLFLOW_WORKBENCH_TEST_FULL'] === undefined ? 10 : 500;
const metricsOfBatch = 5;

/** What one client was told is stored. */
interface Acknowledged {
  readonly runs: Set<RunId>;
  /** Numbers of batches: the step of each of their metrics. */
  readonly batches: Set<number>;
  readonly tags: Map<string, string>;
}

let program: string;

beforeAll(async () => {
  program = await bundleServerProgram();
});

const isGone = (error: unknown): boolean => (error as { code?: string }).code === 'TEMPORARILY_UNAVAILABLE';

/** Several requests at once, of every kind that a training run sends, until the server is gone. */
class Client {
  readonly acknowledged: Acknowledged = { runs: new Set(), batches: new Set(), tags: new Map() };
  readonly #store: TrackingStore;
  readonly #runId: RunId;
  readonly #onAcknowledged: () => void;
  #next: number;

  constructor(store: TrackingStore, { runId, from, onAcknowledged }: { readonly runId: RunId; readonly from: number; readonly onAcknowledged: () => void }) {
    this.#store = store;
    this.#runId = runId;
    this.#next = from;
    this.#onAcknowledged = onAcknowledged;
  }

  /** Resolves to the first number that was not used. */
  async writeUntilGone(): Promise<number> {
    await Promise.all(Array.from({ length: 6 }, () => this.#writeOneByOne()));
    return this.#next;
  }

  async #writeOneByOne(): Promise<void> {
    try {
      for (;;) await this.#write((this.#next += 1));
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }

  async #write(number: number): Promise<void> {
    const { runs, batches, tags } = this.acknowledged;
    if (number % 7 === 0) {
      runs.add((await this.#store.createRun({ experimentId: asExperimentId('0'), startTime: number, tags: [{ key: 'made', value: 'whole' }] })).info.runId);
    } else if (number % 7 === 1) {
      await this.#store.setTag(this.#runId, { key: `tag ${number}`, value: String(number) });
      tags.set(`tag ${number}`, String(number));
    } else {
      const metrics = Array.from({ length: metricsOfBatch }, (_metric, index) => ({ key: `m${index}`, value: number, timestamp: number, step: number }));
      await this.#store.logBatch({ runId: this.#runId, metrics });
      batches.add(number);
    }
    this.#onAcknowledged();
  }
}

interface Round {
  readonly folder: string;
  readonly runId: RunId;
  readonly from: number;
  /** The server is killed right after it has answered so many requests. */
  readonly killAfter: number;
}

/** Starts the server, lets a client write, kills the server meanwhile. */
const writeUntilKilled = async ({ folder, runId, from, killAfter }: Round): Promise<{ readonly acknowledged: Acknowledged; readonly next: number }> => {
  const server = await startServerProgram(program, folder);
  let answers = 0;
  const onAcknowledged = (): void => {
    if ((answers += 1) === killAfter) server.process.kill('SIGKILL');
  };
  const client = new Client(createRestTrackingStore(fetchClient(server.url)), { runId, from, onAcknowledged });
  const next = await client.writeUntilGone();
  expect(await server.process.ended).toMatchObject({ signal: 'SIGKILL' });
  return { acknowledged: client.acknowledged, next };
};

const newStore = async (mode: string): Promise<{ readonly folder: string; readonly runId: RunId }> => {
  const folder = newTempFolder();
  const server = await startServerProgram(program, folder);
  const { info } = await createRestTrackingStore(fetchClient(server.url)).createRun({ experimentId: asExperimentId('0'), startTime: 1, tags: [] });
  server.process.kill('SIGTERM');
  await server.process.ended;
  const database = new Database(join(folder, 'mlflow.db'));
  expect(database.pragma(`journal_mode = ${mode}`, { simple: true })).toBe(mode.toLowerCase());
  database.close();
  return { folder, runId: info.runId };
};

/** All that was acknowledged is there, and what was not is there as a whole or not at all. */
const expectWhole = (folder: string, { runs, batches, tags }: Acknowledged): void => {
  const database = openDatabase(join(folder, 'mlflow.db'));
  try {
    const all = <Row>(query: ReturnType<typeof sql>): readonly Row[] => database.read((read) => read.all<Row>(query));
    const stored = new Map(
      all<{ step: number; count: number }>(sql`SELECT step, count(*) AS count FROM metrics GROUP BY step`).map((row) => [row.step, row.count]),
    );
    expect([...batches].filter((step) => !stored.has(step))).toEqual([]);
    expect([...stored.values()].filter((count) => count !== metricsOfBatch)).toEqual([]);
    const made = new Map(
      all<{ id: string; tags: number }>(
        sql`SELECT r.run_uuid AS id, (SELECT count(*) FROM tags t WHERE t.run_uuid = r.run_uuid AND t."key" = 'made') AS tags FROM runs r`,
      ).map((row) => [row.id, row.tags]),
    );
    expect([...runs].filter((runId) => made.get(runId) !== 1)).toEqual([]);
    const values = new Map(all<{ key: string; value: string }>(sql`SELECT "key", value FROM tags`).map((row) => [row.key, row.value]));
    expect([...tags].filter(([key, value]) => values.get(key) !== value)).toEqual([]);
    expect(all(sql`PRAGMA integrity_check`)).toEqual([{ integrity_check: 'ok' }]);
    expect(all(sql`PRAGMA foreign_key_check`)).toEqual([]);
  } finally {
    database.dispose();
  }
};

/** 1 to 250, in an order that is the same each time and looks like none. */
const killAfter = (round: number): number => 1 + ((round * 7919 + 13) % 250);

describe.each(['WAL', 'DELETE'])('the server is killed in mid-write, journal mode %s', (mode) => {
  test(
    `${kills} times: what it has acknowledged is there, what it has not is there as a whole or not at all`,
    { timeout: 60_000 + kills * 10_000 },
    async () => {
      let { folder, runId } = await newStore(mode);
      let acknowledged = 0;
      for (let round = 0, from = 0; round < kills; round += 1) {
        // A file that grows without end would only slow down the look at it.
        if (round % 50 === 49) ({ folder, runId } = await newStore(mode));
        const written = await writeUntilKilled({ folder, runId, from, killAfter: killAfter(round) });
        expectWhole(folder, written.acknowledged);
        const { runs, batches, tags } = written.acknowledged;
        acknowledged += runs.size + batches.size + tags.size;
        from = written.next;
      }
      console.log(`${mode}: ${kills} kills, ${acknowledged} acknowledged writes, none lost`);
    },
  );
});
