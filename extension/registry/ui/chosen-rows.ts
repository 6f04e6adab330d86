import type { RowArguments } from '../../host/run-items.ts';
import { isRegistryNode, type RegistryNode } from './registry-nodes.ts';

/**
 * What a command is about: the clicked row and, when several are selected, all of them; without a row what is selected in the view. A row that VS Code was
 * just reading again comes as undefined: the command is about none then, and not about others that happen to be selected.
 */
export type Chosen = (row: RowArguments) => readonly RegistryNode[];

export const chosenFrom =
  (selection: () => readonly RegistryNode[]): Chosen =>
  (row) => {
    const [clicked, selected = []] = row;
    const items = row.length === 0 ? selection() : selected.length > 0 ? selected : [clicked];
    return items.filter(isRegistryNode);
  };

/** For what is done to one: the clicked row, however many are selected. */
export const clickedIn = (row: RowArguments): RowArguments => (row.length === 0 ? [] : [row[0]]);
