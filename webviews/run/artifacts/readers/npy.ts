import type { ByteSource } from '../../../shared/readers/byte-source.ts';
import { tableOf, type Cell, type Table } from '../../../shared/readers/table.ts';

/** NumPy's own file of one array (numpy.lib.format): a Python literal that describes it, then its items. */
export interface NpyArray {
  /** As NumPy writes it, `<f8`. */
  readonly dtype: string;
  /** Empty for a single value. */
  readonly shape: readonly number[];
  /** The first index changes fastest. */
  readonly isFortran: boolean;
  /** Of the first item, in bytes. */
  readonly offset: number;
}

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const largestHeader = 64 * 1024;

/** Rejects, in words, what is no such file. */
export const readNpyHeader = async (source: ByteSource, signal?: AbortSignal): Promise<NpyArray> => {
  const head = await source.read(0, largestHeader, signal);
  if (!magic.every((byte, index) => head[index] === byte)) throw new Error('This is no file of NumPy: it does not begin as one.');
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (head.length < 12) throw new Error('The file is cut off within its header.');
  const start = head[6] === 1 ? 10 : 12;
  const length = head[6] === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (start + length > head.length) throw new Error('The file is cut off within its header.');
  return { ...readDescription(new TextDecoder('latin1').decode(head.subarray(start, start + length))), offset: start + length };
};

const readDescription = (text: string): Omit<NpyArray, 'offset'> => {
  const dtype = /'descr'\s*:\s*'([^']+)'/.exec(text)?.[1];
  const shape = /'shape'\s*:\s*\(([\d\s,L]*)\)/.exec(text)?.[1];
  if (dtype === undefined && /'descr'\s*:\s*\[/.test(text)) throw new Error('The array has fields (a structured type): such arrays are not shown here.');
  if (dtype === undefined || shape === undefined) throw new Error("The file's header is not as NumPy writes it.");
  const lengths = shape.split(',').filter((part) => part.trim() !== '');
  return { dtype, shape: lengths.map((part) => Number.parseInt(part, 10)), isFortran: /'fortran_order'\s*:\s*True/.test(text) };
};

interface ItemType {
  /** Bytes. */
  readonly size: number;
  read(view: DataView, at: number): Cell;
}

/** Numbers of the platform's byte order are written as such: NumPy says `<` or `>`. */
const itemTypeOf = (dtype: string): ItemType => {
  const [, order = '', kind = '', digits = '', unit] = /^([<>|=])([a-zA-Z])(\d+)(?:\[(\w+)\])?$/.exec(dtype) ?? [];
  const size = Number(digits);
  const little = order !== '>';
  const read = readerOf(kind, size, little, unit);
  if (read !== undefined) return { size: kind === 'U' ? size * 4 : size, read };
  if (kind === 'O') throw new Error('The array holds Python objects, which only Python can read, by running what is in them: it is not shown.');
  throw new Error(`Arrays of the type ${dtype} are not shown here.`);
};

type Reader = ItemType['read'];

const readerOf = (kind: string, size: number, little: boolean, unit: string | undefined): Reader | undefined => {
  switch (`${kind}${size}`) {
    case 'b1':
      return (view, at) => (view.getUint8(at) === 0 ? 'False' : 'True');
    case 'i1':
      return (view, at) => String(view.getInt8(at));
    case 'u1':
      return (view, at) => String(view.getUint8(at));
    case 'i2':
      return (view, at) => String(view.getInt16(at, little));
    case 'u2':
      return (view, at) => String(view.getUint16(at, little));
    case 'i4':
      return (view, at) => String(view.getInt32(at, little));
    case 'u4':
      return (view, at) => String(view.getUint32(at, little));
    case 'i8':
      return (view, at) => String(view.getBigInt64(at, little));
    case 'u8':
      return (view, at) => String(view.getBigUint64(at, little));
    case 'f2':
      return (view, at) => String(halfFloat(view.getUint16(at, little)));
    case 'f4':
      return (view, at) => shortFloat(view.getFloat32(at, little));
    case 'f8':
      return (view, at) => String(view.getFloat64(at, little));
    case 'c8':
      return (view, at) => complex(view.getFloat32(at, little), view.getFloat32(at + 4, little));
    case 'c16':
      return (view, at) => complex(view.getFloat64(at, little), view.getFloat64(at + 8, little));
    case 'M8':
      return (view, at) => dateText(view.getBigInt64(at, little), unit ?? '');
    case 'm8':
      return (view, at) => `${view.getBigInt64(at, little)} ${unit ?? ''}`.trim();
    default:
      return textReaderOf(kind, size, little);
  }
};

const perUnit: Readonly<Record<string, bigint>> = { D: 86_400_000n, h: 3_600_000n, m: 60_000n, s: 1000n, ms: 1n };
const inMillisecond: Readonly<Record<string, bigint>> = { us: 1000n, ns: 1_000_000n };

/** As a date where it is one; years, months and what no date of JavaScript can be stay counts since 1970. */
const dateText = (count: bigint, unit: string): string => {
  if (count === -(2n ** 63n)) return 'NaT';
  const [longer, shorter] = [perUnit[unit], inMillisecond[unit]];
  const time = longer === undefined ? shorter && count / shorter : count * longer;
  if (time === undefined || time > 8_640_000_000_000_000n || time < -8_640_000_000_000_000n) return `${count} ${unit}`;
  const text = new Date(Number(time)).toISOString();
  return unit === 'D' ? text.slice(0, 10) : text;
};

/** Fixed width, filled up with zeros. */
const textReaderOf = (kind: string, size: number, little: boolean): Reader | undefined => {
  if (kind === 'S') return (view, at) => new TextDecoder('latin1').decode(new Uint8Array(view.buffer, view.byteOffset + at, size)).replace(/\0+$/, '');
  if (kind !== 'U') return undefined;
  return (view, at) => {
    const points = Array.from({ length: size }, (_, index) => view.getUint32(at + 4 * index, little));
    return points
      .map((point) => (point > 0x10ffff ? '\ufffd' : String.fromCodePoint(point)))
      .join('')
      .replace(/\0+$/, '');
  };
};

const complex = (real: number, imaginary: number): string => `${real}${imaginary < 0 || Object.is(imaginary, -0) ? '-' : '+'}${Math.abs(imaginary)}j`;

/** The shortest text that is this number among those of 32 bits. */
const shortFloat = (value: number): string => {
  for (let digits = 1; digits < 9; digits += 1) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(value);
};

const halfFloat = (bits: number): number => {
  const [sign, exponent, fraction] = [bits >> 15 === 0 ? 1 : -1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
};

/** Columns of a wider array that are shown. */
const mostColumns = 1000;
/** Bytes of an array in the other order that are read: its rows are spread over all of it. */
const mostFortran = 32 * 1024 * 1024;

/** The last two dimensions as a table; `leading` chooses in those before. */
export const openNpy = async (source: ByteSource, array: NpyArray, leading: readonly number[]): Promise<Table> => {
  const item = itemTypeOf(array.dtype);
  const [rows, columns] = array.shape.length < 2 ? [array.shape[0] ?? 1, 1] : [array.shape.at(-2) ?? 0, array.shape.at(-1) ?? 0];
  const shown = Math.min(columns, mostColumns);
  const isReal = /^[<>]f/.test(array.dtype);
  const titles = array.shape.length < 2 ? [{ name: 'value', isReal }] : Array.from({ length: shown }, (_, index) => ({ name: String(index), isReal }));
  const notes = columns > shown ? [`The first ${shown} of ${columns} columns are shown.`] : [];
  if (array.isFortran && array.shape.length > 1) return tableOf(titles, await readFortran(source, array, { item, rows, shown, leading }), notes);
  const first = leadingIndex(array.shape, leading) * rows * columns;
  const readRow = async (row: number, count: number, signal?: AbortSignal): Promise<readonly (readonly Cell[])[]> => {
    const start = array.offset + (first + row * columns) * item.size;
    const bytes = await source.read(start, start + ((count - 1) * columns + shown) * item.size, signal);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const cellAt = (at: number): Cell => (at + item.size <= bytes.length ? item.read(view, at) : null);
    return Array.from({ length: count }, (_, r) => Array.from({ length: shown }, (__, c) => cellAt((r * columns + c) * item.size)));
  };
  return {
    columns: titles,
    rowCount: rows,
    isWhole: true,
    notes: [...notes, ...cutNote(source, array, item)],
    rows: async (start, end, signal) => {
      const last = Math.min(end, rows);
      if (last <= start) return [];
      if (columns === shown) return await readRow(start, last - start, signal);
      return (await Promise.all(Array.from({ length: last - start }, (_, index) => readRow(start + index, 1, signal)))).flat();
    },
  };
};

const countOf = ({ shape }: NpyArray): number => shape.reduce((product, length) => product * length, 1);

const cutNote = ({ size }: ByteSource, array: NpyArray, item: ItemType): readonly string[] =>
  size !== undefined && size < array.offset + countOf(array) * item.size ? ['The file is cut off: the values that are missing are empty.'] : [];

/** In the order in which the rows of C are laid out. */
const leadingIndex = (shape: readonly number[], leading: readonly number[]): number =>
  shape.slice(0, -2).reduce((index, length, dimension) => index * length + (leading[dimension] ?? 0), 0);

interface Slice {
  readonly item: ItemType;
  readonly rows: number;
  readonly shown: number;
  readonly leading: readonly number[];
}

const readFortran = async (source: ByteSource, array: NpyArray, { item, rows, shown, leading }: Slice): Promise<readonly (readonly Cell[])[]> => {
  const length = countOf(array) * item.size;
  if (length > mostFortran) throw new Error('The array is laid out column by column (Fortran order) and too large to be read as a whole: download it.');
  const bytes = await source.read(array.offset, array.offset + length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const strides = array.shape.map((_, dimension) => array.shape.slice(0, dimension).reduce((product, size) => product * size, item.size));
  const base = leading.reduce((sum, index, dimension) => sum + index * (strides[dimension] ?? 0), 0);
  const [rowStride = 0, columnStride = 0] = strides.slice(-2);
  const cellAt = (at: number): Cell => (at + item.size <= bytes.length ? item.read(view, at) : null);
  return Array.from({ length: rows }, (_, row) => Array.from({ length: shown }, (__, column) => cellAt(base + row * rowStride + column * columnStride)));
};
