/**
 * What the beginning of a block of Snappy holds, at most `most` bytes of it: hyparquet's own reader takes only whole blocks.
 * Throws a RangeError for what is no such block.
 */
export const uncompressBeginning = (input: Uint8Array, most: number): Uint8Array<ArrayBuffer> => {
  const output = new Uint8Array(most);
  let [at, end] = [afterLength(input), 0];
  while (at < input.length && end < most) {
    const element = readElement(input, at);
    if (element === undefined) break;
    const length = Math.min(element.length, most - end);
    if (element.kind === 'copy') copyBack(output, end, { back: element.back, length });
    else output.set(input.subarray(element.next, element.next + length), end);
    // A literal that is cut has fewer bytes than it says.
    end += element.kind === 'copy' ? length : Math.min(length, input.length - element.next);
    at = element.next + (element.kind === 'copy' ? 0 : element.length);
  }
  return output.slice(0, end);
};

/** The block begins with its length, seven bits to a byte. */
const afterLength = (input: Uint8Array): number => input.findIndex((byte) => byte < 128) + 1;

/** `next` is where its literal begins, or the element after a copy. */
type Element =
  | { readonly kind: 'literal'; readonly length: number; readonly next: number }
  | { readonly kind: 'copy'; readonly length: number; readonly next: number; readonly back: number };

/** Undefined when it is cut. */
const readElement = (input: Uint8Array, at: number): Element | undefined => {
  const tag = input[at] ?? 0;
  const size = sizeAfter(tag);
  const next = at + 1 + size;
  if (next > input.length) return undefined;
  const number = littleEndian(input.subarray(at + 1, next));
  if ((tag & 3) === 0) return { kind: 'literal', length: (size === 0 ? tag >> 2 : number) + 1, next };
  if ((tag & 3) === 1) return { kind: 'copy', length: ((tag >> 2) & 7) + 4, back: ((tag >> 5) << 8) + number, next };
  return { kind: 'copy', length: (tag >> 2) + 1, back: number, next };
};

/** Bytes of the number that follows the first byte of an element. */
const sizeAfter = (tag: number): number => {
  if ((tag & 3) === 0) return Math.max(0, (tag >> 2) - 59);
  return [0, 1, 2, 4][tag & 3] ?? 0;
};

const littleEndian = (bytes: Uint8Array): number => bytes.reduceRight((number, byte) => number * 256 + byte, 0);

/** Byte by byte: a copy may reach into itself, which repeats it. */
const copyBack = (output: Uint8Array, end: number, { back, length }: { readonly back: number; readonly length: number }): void => {
  if (back === 0 || back > end) throw new RangeError('A copy from before the beginning');
  for (let index = end; index < end + length; index += 1) output[index] = output[index - back] ?? 0;
};
