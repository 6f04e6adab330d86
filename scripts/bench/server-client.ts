/** A client that costs little beside the servers that it measures, and the same for each. */
import { Client } from 'undici';

import type { MeasuredPeer, MeasuredServer } from './server-programs.ts';

export interface Call {
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly body?: object;
}

/** One request after the other on one connection that stays open; what is not answered with 200 ends the benchmark. */
export class BenchClient {
  readonly #client: Client;

  constructor(url: string) {
    this.#client = new Client(url);
  }

  async call({ method = 'POST', path, body }: Call): Promise<Buffer> {
    const sent = body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const { statusCode, body: reply } = await this.#client.request({ method, path, ...sent });
    const bytes = Buffer.from(await reply.arrayBuffer());
    if (statusCode !== 200) throw new Error(`${path} was answered with ${statusCode}: ${bytes.toString().slice(0, 500)}`);
    return bytes;
  }

  async json(call: Call): Promise<Record<string, unknown>> {
    return JSON.parse((await this.call(call)).toString()) as Record<string, unknown>;
  }

  dispose(): void {
    void this.#client.destroy();
  }
}

interface Timing {
  /** ms of calls before those that count; one at least. */
  readonly unmeasured?: number;
  /** ms of the calls that count, beyond the one that is under way. */
  readonly atMost?: number;
}

/** For single requests: code that has run a few times only is not what a server that runs all day has. */
export const warm: Timing = { unmeasured: 500 };

/** A large store makes some calls of the peer take many seconds. */
const timeOfRound = 4_000;
const fewest = 2;

/** ms of each of so many calls, one after the other, or of as many as there is time for. */
export const timesOf = async (
  count: number,
  work: (index: number) => Promise<unknown>,
  { unmeasured = 0, atMost = timeOfRound }: Timing = {},
): Promise<readonly number[]> => {
  const measuredFrom = performance.now() + unmeasured;
  let index = 0;
  do await work(index++);
  while (performance.now() < measuredFrom);
  const times: number[] = [];
  const end = performance.now() + atMost;
  while (times.length < count && (times.length < fewest || performance.now() < end)) {
    const began = performance.now();
    await work(index++);
    times.push(performance.now() - began);
  }
  return times;
};

/** What is measured of both servers. */
export interface Both<Measured> {
  readonly ours: Measured;
  readonly peer: Measured;
}

export const rounds = 3;

/**
 * Two servers that are measured in turns, several times: a machine that is slower for a while is so for both. The peer stands still outside its turns, or
 * its runners of jobs, which look for work all the time, would take half of the machine from ours, which does nothing until it is asked.
 */
export class Rivals implements Both<BenchClient> {
  readonly servers: { readonly ours: MeasuredServer; readonly peer: MeasuredPeer };
  readonly ours: BenchClient;
  readonly peer: BenchClient;

  constructor(ours: MeasuredServer, peer: MeasuredPeer) {
    this.servers = { ours, peer };
    [this.ours, this.peer] = [new BenchClient(ours.url), new BenchClient(peer.url)];
    peer.pause();
  }

  async withPeer<T>(work: () => Promise<T>): Promise<T> {
    this.servers.peer.resume();
    try {
      return await work();
    } finally {
      this.servers.peer.pause();
    }
  }

  inTurns<Value>(measure: Both<() => Promise<readonly Value[]>>): Promise<Both<readonly Value[]>> {
    return inTurns(rounds, { ours: measure.ours, peer: () => this.withPeer(measure.peer) });
  }

  /** ms of `count` calls of each at most, both warm. */
  timesOf(count: number, work: Both<(index: number) => Promise<unknown>>): Promise<Both<readonly number[]>> {
    const each = Math.ceil(count / rounds);
    return this.inTurns({ ours: () => timesOf(each, work.ours, warm), peer: () => timesOf(each, work.peer, warm) });
  }

  dispose(): void {
    this.ours.dispose();
    this.peer.dispose();
    this.servers.peer.resume();
  }
}

export const inTurns = async <Value>(rounds: number, measure: Both<() => Promise<readonly Value[]>>): Promise<Both<readonly Value[]>> => {
  const [ours, peer]: [Value[], Value[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    ours.push(...(await measure.ours()));
    peer.push(...(await measure.peer()));
  }
  return { ours, peer };
};
