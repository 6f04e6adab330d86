import { expect } from 'vitest';

import { programsBelow } from './programs-below.ts';

const extensionHosts = (editorPid: number): readonly number[] =>
  programsBelow(editorPid)
    .filter(({ command }) => command.includes('--type=extensionHost'))
    .map(({ pid }) => pid);

/** Of all windows of an editor; VS Code starts others by itself. */
export const crashExtensionHost = async (editorPid: number): Promise<void> => {
  const crashed = extensionHosts(editorPid);
  expect(crashed).not.toEqual([]);
  for (const pid of crashed) process.kill(pid, 'SIGKILL');
  await expect.poll(() => extensionHosts(editorPid).filter((pid) => !crashed.includes(pid))).not.toEqual([]);
};
