import { analyse } from 'chardet';

export type Encoding =
  | { readonly kind: 'binary' }
  | {
      readonly kind: 'text';
      /** As `TextDecoder` knows it. */
      readonly label: string;
      /** Bytes of a mark at the beginning that are no text. */
      readonly markLength: number;
      /** Found by what is likely, not by what is certain. */
      readonly isGuess: boolean;
    };

const text = (label: string, markLength = 0, isGuess = false): Encoding => ({ kind: 'text', label, markLength, isGuess });

/** Of a file by its first bytes. */
export const detectEncoding = (head: Uint8Array): Encoding => {
  if (startsWith(head, [0xef, 0xbb, 0xbf])) return text('utf-8', 3);
  if (startsWith(head, [0xff, 0xfe])) return text('utf-16le', 2);
  if (startsWith(head, [0xfe, 0xff])) return text('utf-16be', 2);
  if (head.includes(0)) return withoutMark(head);
  if (countControls(head) > head.length / 50) return { kind: 'binary' };
  return isUtf8(head) ? text('utf-8') : guess(head);
};

const startsWith = (bytes: Uint8Array, mark: readonly number[]): boolean => mark.every((byte, index) => bytes[index] === byte);

/** Text of two bytes per character has its zeros on one side; anything else with zeros is no text. */
const withoutMark = (head: Uint8Array): Encoding => {
  const zeros = [0, 0];
  for (const [index, byte] of head.entries()) if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  const half = head.length / 2;
  if (even === 0 && odd > half * 0.7) return text('utf-16le', 0, true);
  if (odd === 0 && even > half * 0.7) return text('utf-16be', 0, true);
  return { kind: 'binary' };
};

/** Control characters that no text has: all but tab, line feed, form feed, return and escape. */
const countControls = (head: Uint8Array): number => {
  let count = 0;
  for (const byte of head) if (byte < 9 || byte === 11 || (byte > 13 && byte < 27) || (byte > 27 && byte < 32)) count += 1;
  return count;
};

/** The last character may be cut. */
const isUtf8 = (head: Uint8Array): boolean => {
  for (let cut = 0; cut < 4; cut += 1) {
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(head.subarray(0, head.length - cut));
      return true;
    } catch {
      if (head.length === cut) return false;
    }
  }
  return false;
};

const guess = (head: Uint8Array): Encoding => {
  for (const { name } of analyse(head.subarray(0, 65_536))) {
    // One that shifts its state cannot be read from the middle.
    if (!name.startsWith('ISO-2022') && isKnown(name)) return text(name.toLowerCase(), 0, true);
  }
  return text('windows-1252', 0, true);
};

const isKnown = (label: string): boolean => {
  try {
    return new TextDecoder(label).encoding !== 'replacement';
  } catch {
    return false;
  }
};

/** Decodes, with marks for bytes that are none of the encoding. */
export const decodeText = (bytes: Uint8Array, { label, markLength }: Extract<Encoding, { kind: 'text' }>): string =>
  new TextDecoder(label, { ignoreBOM: true }).decode(bytes.subarray(markLength));

/** What a person should know of how a text was read. */
export const encodingNote = (encoding: Extract<Encoding, { kind: 'text' }>): string | undefined => {
  if (encoding.isGuess) return `The text is not UTF-8: it is shown as ${encoding.label}, which is a guess.`;
  return encoding.label === 'utf-8' ? undefined : `The text is ${encoding.label.toUpperCase()}.`;
};
