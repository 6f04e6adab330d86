import { describe, expect, test } from 'vitest';

import { rules, type RuleCode } from '../../language-server/rules/rules.ts';
import type { Rule } from '../../language-server/rules/rule.ts';
import { documentationUrl } from '../../language-server/verbs/diagnostics.ts';
import { languageServerPage } from '../../scripts/language-server-page.ts';
import { diagnosticsOf } from './support.ts';

/** Its example would be a file of a megabyte. */
const withoutExample: ReadonlySet<string> = new Set<RuleCode>(['file-too-large']);

describe('each rule finds its own example', () => {
  const all: readonly (readonly [string, Rule])[] = Object.entries(rules);
  for (const [code, rule] of all.filter(([name]) => !withoutExample.has(name))) {
    test(code, async () => {
      const found = await diagnosticsOf(rule.example, { name: rule.fileName ?? rule.files[0] ?? 'MLproject', files: rule.beside ?? {} });
      expect(found.map((diagnostic) => diagnostic.code)).toContain(code);
    });
  }
});

describe('docs/language-server.md', () => {
  test('is what `npm run docs` writes', async () => {
    const { current, expected } = await languageServerPage();
    expect(current).toBe(expected);
  });

  test('has the heading that each diagnostic links to', async () => {
    const { current } = await languageServerPage();
    expect(documentationUrl).toMatch(/\/docs\/language-server\.md$/);
    expect(Object.keys(rules).filter((code) => !current.includes(`\n### ${code}\n`))).toEqual([]);
  });
});
