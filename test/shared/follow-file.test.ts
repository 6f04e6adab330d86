import { appendFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { followFile, type FollowedFile } from '../../extension/shared/follow-file.ts';

const newFile = (content: string): string => {
  const path = join(mkdtempSync(join(tmpdir(), 'follow-')), 'output.log');
  writeFileSync(path, content);
  return path;
};

interface Reader {
  readonly file: FollowedFile;
  readonly text: () => string;
  readonly skipped: () => number;
  until(text: string): Promise<void>;
}

const follow = (path: string): Reader => {
  let text = '';
  let skipped = 0;
  let wake = (): void => {};
  const file = followFile(path, {
    onData: (chunk) => {
      text += chunk.toString();
      wake();
    },
    onSkipped: (bytes) => (skipped += bytes),
  });
  const until = async (wanted: string): Promise<void> => {
    while (!text.includes(wanted)) await new Promise<void>((resolve) => (wake = resolve));
  };
  return { file, text: () => text, skipped: () => skipped, until };
};

test('what is there comes first, then what is appended', async () => {
  const path = newFile('before\n');
  const reader = follow(path);
  await reader.until('before\n');
  appendFileSync(path, 'after\n');
  await reader.until('after\n');
  expect(reader.text()).toBe('before\nafter\n');
  reader.file.dispose();
});

test('the last words are read before it is finished', async () => {
  const path = newFile('');
  const reader = follow(path);
  appendFileSync(path, 'last words');
  await reader.file.finish();
  expect(reader.text()).toBe('last words');
});

test('of a large file the last megabyte is shown', async () => {
  const reader = follow(newFile(`${'x'.repeat(3 * 1024 * 1024)}end`));
  await reader.until('end');
  expect(reader.skipped()).toBe(2 * 1024 * 1024 + 3);
  expect(reader.text()).toHaveLength(1024 * 1024);
  reader.file.dispose();
});
