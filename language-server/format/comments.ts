import type { Layout } from './layout.ts';

/** A column as it is and as it will be. */
interface Level {
  readonly old: number;
  readonly now: number;
}

/**
 * Comments on lines of their own move with the lines around them: with the next line where they stand in its column,
 * otherwise with the line before, or what that line is part of, whose column they stand in.
 */
export const placeComments = (layout: Layout, text: string): void => {
  const { all } = layout.lines;
  const isComment = (index: number): boolean => text[all[index]?.content ?? -1] === '#' && !layout.columns.has(index) && !layout.fixedLines.has(index);
  const levelOf = (index: number): Level | undefined => {
    const now = layout.columns.get(index);
    const line = all[index];
    return now === undefined || line === undefined ? undefined : { old: line.content - line.start, now };
  };
  const open: Level[] = [];
  let pending: number[] = [];
  const settle = (next: Level | undefined): void => {
    for (const index of pending) layout.columns.set(index, columnOf((all[index]?.content ?? 0) - (all[index]?.start ?? 0), open, next));
    pending = [];
  };
  for (const index of all.keys()) {
    if (isComment(index)) pending.push(index);
    const level = layout.fixedLines.has(index) ? undefined : levelOf(index);
    if (level === undefined || pending.at(-1) === index) continue;
    settle(level);
    while ((open.at(-1)?.old ?? -1) >= level.old) open.pop();
    open.push(level);
  }
  settle(undefined);
};

const columnOf = (old: number, open: readonly Level[], next: Level | undefined): number => {
  if (next !== undefined && next.old === old) return next.now;
  const around = open.findLast((level) => level.old <= old);
  if (around === undefined) return next?.now ?? 0;
  return around.old === old || next === undefined || next.old < old ? around.now + (old > around.old ? 2 : 0) : next.now;
};
