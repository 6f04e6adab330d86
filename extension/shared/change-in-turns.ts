import { errorMessage } from './errors.ts';

/** Requests under way at once: a server of ours groups them into one transaction. */
const atOnce = 16;

/** Shows changes before they are made. */
export interface Preview<Item> {
  begin(items: readonly Item[]): ShownChange<Item>;
}

export interface ShownChange<Item> {
  written(item: Item): void;
  /** They are as they were. */
  takeBack(items: readonly Item[]): void;
}

export interface ItemsToChange<Item> {
  readonly items: readonly Item[];
  readonly change: (item: Item) => Promise<void>;
  readonly preview?: Preview<Item>;
}

export interface Changed<Item> {
  readonly done: readonly Item[];
  /** Why some were not changed; absent when all were. */
  readonly problem?: string;
}

/** Changes each item on its own: what fails or comes after a cancel stays as it was, and is said. */
export const changeInTurns = async <Item>({ items, change, preview }: ItemsToChange<Item>, signal?: AbortSignal): Promise<Changed<Item>> => {
  const shown = preview?.begin(items);
  const done: Item[] = [];
  const reasons: unknown[] = [];
  let at = 0;
  for (; at < items.length && signal?.aborted !== true; at += atOnce) {
    const turn = items.slice(at, at + atOnce);
    const results = await Promise.allSettled(turn.map(async (item) => changeOne(item, change, shown)));
    done.push(...turn.filter((_, index) => results[index]?.status === 'fulfilled'));
    reasons.push(...results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : [])));
  }
  shown?.takeBack(items.slice(at));
  const problem = problemOf(items.length, done.length, reasons);
  return problem === undefined ? { done } : { done, problem };
};

const changeOne = async <Item>(item: Item, change: (item: Item) => Promise<void>, shown: ShownChange<Item> | undefined): Promise<void> => {
  try {
    await change(item);
  } catch (error) {
    shown?.takeBack([item]);
    throw error;
  }
  shown?.written(item);
};

const problemOf = (wanted: number, done: number, reasons: readonly unknown[]): string | undefined => {
  if (done === wanted) return undefined;
  if (reasons.length === 0) return `Cancelled: ${wanted - done} of ${wanted} are unchanged`;
  const reason = errorMessage(reasons[0]);
  return wanted === 1 ? reason : `${wanted - done} of ${wanted} could not be changed: ${reason}`;
};
