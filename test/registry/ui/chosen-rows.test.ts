import { expect, test } from 'vitest';

import { chosenFrom, clickedIn } from '../../../extension/registry/ui/chosen-rows.ts';
import { RegistryBranch } from '../../../extension/registry/ui/registry-branch.ts';
import type { RegistryNode } from '../../../extension/registry/ui/registry-nodes.ts';
import { newAppStore } from '../../support/app-store.ts';

const newRows = async (): Promise<readonly RegistryNode[]> => {
  const { store, registry } = newAppStore();
  for (const name of ['wine', 'beer']) await registry.createRegisteredModel({ name });
  const branch = new RegistryBranch(store, () => ({ search: '', order: 'name' }));
  return await branch.children(branch.root);
};

test('a key is about what is selected, a menu about its row or all selected ones; a row that VS Code did not know is about nothing', async () => {
  const [beer, wine] = await newRows();
  const chosen = chosenFrom(() => (wine === undefined ? [] : [wine]));
  expect(chosen([])).toEqual([wine]);
  expect(chosen([beer])).toEqual([beer]);
  expect(chosen([beer, [beer, wine]])).toEqual([beer, wine]);
  expect(chosen([undefined, undefined])).toEqual([]);
  expect(chosen([{ kind: 'somebody else’s' }])).toEqual([]);
});

test('what is done to one is done to the clicked row, and by a key to what is selected', () => {
  expect(clickedIn(['clicked', ['first', 'clicked']])).toEqual(['clicked']);
  expect(clickedIn([])).toEqual([]);
  expect(clickedIn([undefined, undefined])).toEqual([undefined]);
});
