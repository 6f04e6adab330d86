import { describe, expect, test } from 'vitest';

import { rules, type RuleCode } from '../../language-server/rules/rules.ts';
import type { Rule } from '../../language-server/rules/rule.ts';
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
