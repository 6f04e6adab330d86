/** Null is a value that is not there, which is not the same as an empty text. */
export type Cell = string | null;

export interface TableColumn {
  readonly name: string;
  /** As the file calls it. */
  readonly type?: string;
  /** Numbers with a fraction, or some of them: they are shown with few digits. */
  readonly isReal?: boolean;
}

/** Rows of a file of any size; only those that are asked for are read. */
export interface Table {
  readonly columns: readonly TableColumn[];
  /** Rows that are known to be there. */
  readonly rowCount: number;
  /** False while there may be more: asking for the last known rows finds them. */
  readonly isWhole: boolean;
  /** What to know of it, in sentences. */
  readonly notes: readonly string[];
  /** Rows from `start`, without the one at `end`; fewer where the table ends. */
  rows(start: number, end: number, signal?: AbortSignal): Promise<readonly (readonly Cell[])[]>;
}

/** A table that is in memory already. */
export const tableOf = (columns: readonly TableColumn[], rows: readonly (readonly Cell[])[], notes: readonly string[] = []): Table => ({
  columns,
  rowCount: rows.length,
  isWhole: true,
  notes,
  rows: async (start, end) => rows.slice(start, end),
});

const mostBytes = 64;

/** A value out of parquet or JSON as one cell. */
export const cellOf = (value: unknown): Cell => {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'no date' : value.toISOString();
  if (value instanceof Uint8Array) return bytesText(value);
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  return JSON.stringify(value, plain) ?? null;
};

/** Many writers of parquet do not say of a text that it is one. */
const bytesText = (bytes: Uint8Array): string => {
  const text = textOf(bytes);
  if (text !== undefined) return text;
  const digits = [...bytes.subarray(0, mostBytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return bytes.length > mostBytes ? `0x${digits}… (${bytes.length} bytes)` : `0x${digits}`;
};

const textOf = (bytes: Uint8Array): string | undefined => {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return /[\0-\x08\x0e-\x1f]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
};

/** JSON knows no whole numbers beyond 2^53, no bytes and no NaN. */
const plain = (_key: string, value: unknown): unknown => {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return value instanceof Uint8Array ? bytesText(value) : value;
};
