/** A client that costs little beside the server that it measures. */
import { Agent, request } from 'node:http';

export interface Call {
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly body?: object;
}

/** Requests on a few connections that stay open; what is not answered with 200 ends the benchmark. */
export class BenchClient {
  readonly #agent: Agent;
  readonly #url: string;

  constructor(url: string, connections = 1) {
    this.#url = url;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** The body as text. */
  call({ method = 'POST', path, body }: Call): Promise<string> {
    const text = body === undefined ? '' : JSON.stringify(body);
    const headers = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
    return new Promise((resolve, reject) => {
      const sent = request(`${this.#url}${path}`, { method, headers, agent: this.#agent }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const reply = Buffer.concat(chunks).toString('latin1');
          if (response.statusCode === 200) resolve(reply);
          else reject(new Error(`${path} was answered with ${response.statusCode}: ${reply.slice(0, 500)}`));
        });
      });
      sent.on('error', reject);
      sent.end(text);
    });
  }

  async json(call: Call): Promise<Record<string, unknown>> {
    return JSON.parse(await this.call(call)) as Record<string, unknown>;
  }

  dispose(): void {
    this.#agent.destroy();
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
