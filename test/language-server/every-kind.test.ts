import { describe, expect, test } from 'vitest';

import type { KindName } from '../../language-server/kinds/kind.ts';
import { definition, highlights, references, rename } from '../../language-server/verbs/names.ts';
import { selectionRanges } from '../../language-server/verbs/selection.ts';
import { withCursor, workspaceOf } from './support.ts';

/** An anchor with an alias, the cursor on a word of a value. */
const documents: Readonly<Record<KindName, string>> = {
  MLproject: 'entry_points:\n  main: &step\n    command: python tra|in.py\n  other: *step\n',
  MLmodel: 'flavors:\n  sklearn: &step\n    pickled_model: mod|el.pkl\n  other: *step\n',
  'python_env.yaml': 'build_dependencies: &step\n  - set|uptools\ndependencies: *step\n',
  'conda.yaml': 'name: &step win|e\ndependencies:\n  - *step\n',
};

const onAnchor = (marked: string): string => marked.replace('|', '').replace('&step', '&st|ep');

describe.each(Object.entries(documents))('%s', (name, marked) => {
  test('a selection grows from the word to the file', () => {
    const { document, position } = withCursor(marked, name);
    const sizes: number[] = [];
    for (let range = selectionRanges(document, [position])[0]; range !== undefined; range = range.parent) {
      const { start, end } = document.spanOf(range.range);
      sizes.push(end - start);
    }
    expect(sizes.length).toBeGreaterThan(2);
    expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
    expect(sizes.at(-1)).toBe(document.text.length);
  });

  test('an anchor is found, highlighted and renamed with its alias', async () => {
    const { document, position } = withCursor(onAnchor(marked), name);
    const workspace = workspaceOf();
    expect(await references(document, position, workspace, true)).toHaveLength(2);
    expect(await highlights(document, position, workspace)).toHaveLength(2);
    expect(await definition(document, position, workspace)).toHaveLength(1);
    expect(await rename(document, position, 'base', workspace)).toMatchObject({
      edit: { documentChanges: [{ edits: [{ newText: 'base' }, { newText: 'base' }] }] },
    });
  });
});
