import { globSync, readFileSync } from 'node:fs';

const childrenOf = (pid: number): readonly number[] =>
  globSync(`/proc/${pid}/task/*/children`).flatMap((file) => readFileSync(file, 'utf8').split(' ').filter(Boolean).map(Number));

/** Command lines of the processes that a process has started, directly or not. */
export const programsBelow = (pid: number): readonly string[] =>
  childrenOf(pid).flatMap((child) => [readFileSync(`/proc/${child}/cmdline`, 'utf8').replaceAll('\0', ' ').trim(), ...programsBelow(child)]);
