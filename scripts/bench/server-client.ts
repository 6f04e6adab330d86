/** A client that costs little beside the servers that it measures, and the same for each. */
import { Client } from 'undici';

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

/** ms that one figure may take beyond the call that is under way: a large store makes some calls of the peer take many seconds. */
const mostTime = 6_000;

/**
 * ms of each of so many calls, one after the other, as many as there is time for. The first one, which warms up, counts only when it has used up
 * the time alone.
 */
export const timesOf = async (count: number, work: (index: number) => Promise<unknown>): Promise<readonly number[]> => {
  const times: number[] = [];
  const end = performance.now() + mostTime;
  for (let index = 0; index <= count && (index === 0 || performance.now() < end); index += 1) {
    const began = performance.now();
    await work(index);
    times.push(performance.now() - began);
  }
  return times.length > 1 ? times.slice(1) : times;
};
