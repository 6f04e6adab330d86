/** What is measured of *Try it*: from what is typed to the table of the answer, beyond what the same bytes take without us. */
import { Agent, request } from 'node:http';

import { readModelInput } from '../../extension/models/model-input.ts';
import { folderFiles } from '../../extension/models/model-files.ts';
import { createScoringClient } from '../../extension/models/scoring-client.ts';
import type { ScoringRequest } from '../../schemas/serve-page.ts';
import { readReply } from '../../webviews/serve/reply/read-reply.ts';
import { createDraft } from '../../webviews/serve/request/draft.ts';

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
};

/** The same bytes, by Node alone. */
const sendPlainly = async (agent: Agent, port: number, { contentType, body }: ScoringRequest): Promise<void> => {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const headers = { 'content-type': contentType, 'content-length': Buffer.byteLength(body) };
  const outgoing = request({ agent, host: '127.0.0.1', port, method: 'POST', path: '/invocations', headers }, (reply) => {
    reply.resume().once('end', resolve);
  });
  outgoing.once('error', reject).end(body);
  await promise;
};

/** ms of each request that are ours; below nothing where the machine was busier with the plain one. */
export const measureTryIt = async (model: string, port: number, rounds: number): Promise<readonly number[]> => {
  const draft = createDraft();
  draft.begin(await readModelInput(folderFiles(model)), undefined);
  const client = createScoringClient(port);
  const agent = new Agent({ keepAlive: true });
  const send = async (round: number): Promise<void> => {
    draft.change({ rows: draft.typed.value.rows.map((row) => row.map((_, column) => String(round + column))) });
    readReply(await client.score(draft.request.value));
  };
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const ours = await timed(async () => await send(round));
    times.push(ours - (await timed(async () => await sendPlainly(agent, port, draft.request.value))));
  }
  client.dispose();
  agent.destroy();
  return times;
};
