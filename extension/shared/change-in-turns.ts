import { errorMessage } from './errors.ts';

/** Requests under way at once: a server of ours groups them into one transaction. */
const atOnce = 16;

export interface Changed<Item> {
  readonly done: readonly Item[];
  /** Why some were not changed; absent when all were. */
  readonly problem?: string;
}

/** Changes each item on its own: what fails or comes after a cancel stays as it was, and is said. */
export const changeInTurns = async <Item>(items: readonly Item[], change: (item: Item) => Promise<void>, signal?: AbortSignal): Promise<Changed<Item>> => {
  const done: Item[] = [];
  const reasons: unknown[] = [];
  for (let at = 0; at < items.length && signal?.aborted !== true; at += atOnce) {
    const turn = items.slice(at, at + atOnce);
    const results = await Promise.allSettled(turn.map(async (item) => change(item)));
    done.push(...turn.filter((_, index) => results[index]?.status === 'fulfilled'));
    reasons.push(...results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : [])));
  }
  const problem = problemOf(items.length, done.length, reasons);
  return problem === undefined ? { done } : { done, problem };
};

const problemOf = (wanted: number, done: number, reasons: readonly unknown[]): string | undefined => {
  if (done === wanted) return undefined;
  if (reasons.length === 0) return `Cancelled: ${wanted - done} of ${wanted} are unchanged`;
  const reason = errorMessage(reasons[0]);
  return wanted === 1 ? reason : `${wanted - done} of ${wanted} could not be changed: ${reason}`;
};
