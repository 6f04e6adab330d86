import type { RowEdit } from '../../schemas/runs-protocol.ts';
import type { Edit } from './pending-edits.ts';

/** Those of runs, as the page of a table is told them. */
export const toRowEdits = (edits: readonly Edit[]): readonly RowEdit[] =>
  edits.flatMap((edit) => {
    if (edit.kind !== 'run') return [];
    const { storeId: _, run: __, kind: ___, ...said } = edit;
    return [said];
  });
