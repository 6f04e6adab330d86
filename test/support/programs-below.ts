import { globSync, readFileSync } from 'node:fs';

/** Empty when the process has ended meanwhile. */
const readProcess = (pid: number, file: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
};

const childrenOf = (pid: number): readonly number[] =>
  globSync(`/proc/${pid}/task/*/children`).flatMap((file) =>
    readProcess(pid, file.slice(`/proc/${pid}/`.length))
      .split(' ')
      .filter(Boolean)
      .map(Number),
  );

export interface RunningProgram {
  readonly pid: number;
  readonly command: string;
}

/** The processes that a process has started, directly or not. */
export const programsBelow = (pid: number): readonly RunningProgram[] =>
  childrenOf(pid).flatMap((child) => [{ pid: child, command: readProcess(child, 'cmdline').replaceAll('\0', ' ').trim() }, ...programsBelow(child)]);
