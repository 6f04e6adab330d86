import { expect, test } from 'vitest';

import { directionsIn } from '../../schemas/metric-direction.ts';
import { readMlmodel } from '../../schemas/mlmodel.ts';
import type { VersionSnapshot } from '../../extension/registry/version-snapshot.ts';
import { versionReport } from '../../extension/registry/ui/version-report.ts';

const snapshot = (version: number, rmse: number, columns: readonly string[], name = 'wine'): VersionSnapshot => ({
  version: { name, version, creationTimestamp: 0, lastUpdatedTimestamp: 0, source: 's', status: 'READY', tags: [], aliases: [] },
  run: undefined,
  params: new Map([
    ['alpha', String(version)],
    ['same', 'x'],
  ]),
  metrics: new Map([['rmse', rmse]]),
  tags: [],
  signature: readMlmodel(`signature:\n  inputs: '${JSON.stringify(columns.map((column) => ({ name: column, type: 'double', required: true })))}'\n`).value
    .signature,
  directionOf: directionsIn([]),
  requirements: `pandas==${version}\n`,
  notes: [],
});

test('two versions: metrics with their direction, params that differ, whether callers break, packages', () => {
  const report = versionReport([snapshot(1, 0.8, ['a']), snapshot(2, 0.7, ['a', 'b'])]);
  expect(report).toContain('| rmse | 0.8 | 0.7 (−0.1, better) |');
  expect(report).toContain('| alpha | 1 | 2 |');
  expect(report).not.toContain('same');
  expect(report).toContain('| Created |');
  expect(report).not.toContain('| Commit |');
  expect(report).toContain('**Callers of wine v1 break.**');
  expect(report).toContain('inputs b added');
  expect(report).toContain('| pandas | &#61;&#61;1 | &#61;&#61;2 |');
});

test('three versions: each against the first', () => {
  const report = versionReport([snapshot(1, 0.8, ['a']), snapshot(2, 0.9, ['a']), snapshot(3, 0.8, [])]);
  expect(report).toContain('| rmse | 0.8 | 0.9 (+0.1, worse) | 0.8 |');
  expect(report.match(/^## Signature/gm)).toHaveLength(2);
});

test('names that would be Markdown or HTML are text', () => {
  const report = versionReport([snapshot(1, 1, ['<img src=x>']), snapshot(1, 1, ['[x](command:y)'], '| **<b>')]);
  expect(report).not.toMatch(/<img|<b>|\]\(command/);
});
