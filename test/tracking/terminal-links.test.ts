import { expect, test } from 'vitest';

import { printedLinks } from '../../extension/tracking/terminal-links.ts';

const id = '0123456789abcdef0123456789abcdef';

const named = (line: string) => printedLinks(line).map(({ start, length, target }) => ({ text: line.slice(start, start + length), ...target }));

test("the two lines of mlflow's clients name a run and its experiment", () => {
  const url = `http://127.0.0.1:5000/#/experiments/3/runs/${id}`;
  expect(named(`🏃 View run bold cat at: 1 at: ${url}`)).toEqual([{ text: `View run bold cat at: 1 at: ${url}`, kind: 'run', runId: id, url }]);
  expect(named('🧪 View experiment at: https://host/team/#/experiments/3?workspace=a')).toEqual([
    {
      text: 'View experiment at: https://host/team/#/experiments/3?workspace=a',
      kind: 'experiment',
      experimentId: '3',
      server: 'https://host/team',
      url: 'https://host/team/#/experiments/3?workspace=a',
    },
  ]);
});

test.each([`Run ID: ${id}`, `run_id=${id}`, `Run (ID '${id}`, `run-id: "${id}`, `"run_id": "${id}`.slice(1), `RUN ID ${id.toUpperCase()}`])(
  '%s is a run',
  (text) => {
    expect(named(`>> ${text} <<`)).toEqual([{ text, kind: 'run', runId: id }]);
  },
);

test('several in a line, in their order', () => {
  expect(named(`run_id: ${id}, run_id: ${id}`).map(({ kind }) => kind)).toEqual(['run', 'run']);
});

test.each([id, `md5: ${id}`, `run_id: ${id}0`, `Run ID: ${id.slice(1)}`, `experiments/3/runs/${id}`, 'View experiment at: ftp://host/#/experiments/3'])(
  '%s is nothing',
  (line) => {
    expect(printedLinks(line)).toEqual([]);
  },
);

test('a long line is read in no time', () => {
  expect(printedLinks('View run View run '.repeat(100_000))).toEqual([]);
});
