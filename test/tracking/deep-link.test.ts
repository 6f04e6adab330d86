import { expect, test } from 'vitest';

import { readDeepLink, writeDeepLink } from '../../extension/tracking/deep-link.ts';
import { asExperimentId, asRunId } from '../../schemas/ids.ts';

test.each([
  { kind: 'run', store: 'sqlite:////srv/a b/ä&c.db', runId: asRunId('0123456789abcdef0123456789abcdef') },
  { kind: 'experiment', store: 'https://mlflow.example.org/prefix?workspace=team-a', experimentId: asExperimentId('7') },
] as const)('a link of a $kind is read as it was written', (link) => {
  const { protocol, host, pathname, search } = new URL(writeDeepLink('vscode', link));
  expect([protocol, host]).toEqual(['vscode:', 'mlflow-workbench.mlflow-workbench']);
  expect(readDeepLink(pathname, search.slice(1))).toEqual(link);
});

test.each([
  ['/', '', 'neither a run nor an experiment'],
  ['/settings', 'store=https://a&id=1', 'neither a run nor an experiment'],
  ['/run', 'id=1', 'names no store'],
  ['/run', 'store=../mlflow.db&id=1', 'names no store'],
  ['/run', 'store=javascript:alert(1)&id=1', 'names no store'],
  ['/run', 'store=file://evil.example/share&id=1', 'names no store'],
  ['/run', 'store=https://a', 'no id of a run'],
  ['/run', "store=https://a&id=' OR 1=1", 'no id of a run'],
  ['/experiment', `store=https://a&id=${'1'.repeat(33)}`, 'no id of an experiment'],
])('%s?%s is refused', (path, query, reason) => {
  expect(() => readDeepLink(path, query)).toThrow(reason);
});
