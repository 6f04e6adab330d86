import type { ColumnMetaData, SchemaTree } from 'hyparquet';
import { assembleNested } from 'hyparquet/src/assemble.js';
import { DEFAULT_PARSERS } from 'hyparquet/src/convert.js';
import { getTreePath } from 'hyparquet/src/schema.js';
import type { DecodedArray } from 'hyparquet/src/types.js';

import type { ChunkPages } from './parquet-pages.ts';
import { decodePages, type Leaf } from './parquet-values.ts';

/** A column of a row group; lists, maps and structs have a chunk for each column of values below them. */
export interface GroupColumn {
  readonly root: SchemaTree;
  readonly field: SchemaTree;
  readonly chunks: readonly ColumnMetaData[];
  readonly rowsInGroup: number;
}

export const isNested = ({ children, element }: SchemaTree): boolean => children.length > 0 || element.repetition_type === 'REPEATED';

export const toLeaf = (root: SchemaTree, chunk: ColumnMetaData): Leaf => {
  const path = getTreePath(root, chunk.path_in_schema);
  return { path, element: (path.at(-1) ?? root).element, chunk };
};

/** As many rows of each leaf, as values of the column. Throws when the leaves do not fit together. */
export const assemble = ({ field, chunks }: GroupColumn, leaves: readonly DecodedArray[]): DecodedArray | undefined => {
  const byPath = new Map(leaves.map((values, index) => [chunks[index]?.path_in_schema.join('.') ?? '', values]));
  if (field.children.length > 0) assembleNested(byPath, field, DEFAULT_PARSERS);
  return byPath.get(field.element.name);
};

/**
 * The first rows of a nested column, out of its first pages. Undefined when these have fewer. hyparquet's own reader takes the nulls that
 * pages of the second version count for all that have no value, which empty lists are not.
 */
export const decodeNested = (column: GroupColumn, pages: readonly ChunkPages[], rows: number): ArrayLike<unknown> | undefined => {
  const leaves = column.chunks.map((chunk) => {
    const found = pages.find((each) => each.chunk === chunk);
    const decoded = found === undefined ? [] : decodePages(toLeaf(column.root, chunk), found.bytes);
    // The last one may go on behind the last page.
    return { decoded, known: found?.isWhole === true ? decoded.length : decoded.length - 1 };
  });
  if (leaves.some(({ known }) => known < rows)) return undefined;
  return assemble(
    column,
    leaves.map(({ decoded }) => decoded.slice(0, rows)),
  );
};
