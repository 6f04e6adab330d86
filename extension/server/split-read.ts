import type { ReadReply, ReadRequest } from './reader-protocol.ts';

const path = '/ajax-api/2.0/mlflow/metrics/get-history-bulk-interval';
/** More are refused, and that as a whole. */
const mostRuns = 100;
/** Of fewer runs a half is not worth another thread. */
const fewestRuns = 20;

/** MLflow's charts ask for samples of many histories at once: halves of them, which two threads can read at the same time. Undefined for all else. */
export const splitRead = (request: ReadRequest): readonly [ReadRequest, ReadRequest] | undefined => {
  const [asked, query] = request.target.split('?', 2);
  if (request.method !== 'GET' || query === undefined || asked?.endsWith(path) !== true) return undefined;
  const parameters = new URLSearchParams(query);
  const runIds = parameters.getAll('run_ids');
  if (runIds.length < fewestRuns || runIds.length > mostRuns) return undefined;
  parameters.delete('run_ids');
  const of = (ids: readonly string[]): ReadRequest => {
    const all = new URLSearchParams([...ids.map((id) => ['run_ids', id]), ...parameters]);
    return { ...request, target: `${asked}?${all}` };
  };
  const half = Math.ceil(runIds.length / 2);
  return [of(runIds.slice(0, half)), of(runIds.slice(half))];
};

/** The reply to the whole request. What is wrong with one half is wrong with the other. */
export const joinReplies = ([first, second]: readonly [ReadReply, ReadReply]): ReadReply => {
  if (first.status !== 200) return first;
  if (second.status !== 200) return second;
  const lists = [first, second].map(({ body }) => new Uint8Array(body)).filter(({ length }) => length > empty.length);
  const [one = empty, other] = lists;
  if (other === undefined) return { ...first, body: one.slice().buffer };
  const body = new Uint8Array(one.length - end.length + 1 + other.length - start.length);
  body.set(one.subarray(0, one.length - end.length));
  body.set(comma, one.length - end.length);
  body.set(other.subarray(start.length), one.length - end.length + 1);
  return { ...first, body: body.buffer };
};

const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
/** The body with nothing in it, and what is around the items of one that has some. */
const [empty, start, comma, end] = [bytes('{}'), bytes('{"metrics":['), bytes(','), bytes(']}')];
