import { MlflowError } from './errors.ts';

/** The parts of a URI that MLflow looks at, split as Python's `urlparse` does: texts without a scheme are paths. */
export interface Uri {
  /** Lower case; empty for a path. */
  readonly scheme: string;
  /** Host and port; undefined when the text has no `//`. */
  readonly authority?: string;
  /** Without query and fragment, as written (percent signs too). */
  readonly path: string;
}

const pattern = /^(?:([a-z][a-z\d+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)/i;

export const splitUri = (text: string): Uri => {
  const [, scheme = '', authority, path = ''] = pattern.exec(text) ?? [];
  return { scheme: scheme.toLowerCase(), ...(authority === undefined ? {} : { authority }), path };
};

const maxEncodings = 32;

/** Decodes until nothing changes, so that no number of encodings hides a `..`; bytes that are not UTF-8 stay encoded. */
export const decodeFully = (text: string): string => {
  let encoded = text;
  for (let pass = 0; pass < maxEncodings; pass += 1) {
    const decoded = decodeOnce(encoded);
    if (decoded === encoded) return decoded;
    encoded = decoded;
  }
  throw new MlflowError('INVALID_PARAMETER_VALUE', `Percent-encoded more than ${maxEncodings} times: ${text}`);
};

/** Each ASCII byte by itself: bad bytes beside it must not keep it encoded. */
const decodeOnce = (text: string): string =>
  text.replaceAll(/%[0-7][\da-f]|(?:%[89a-f][\da-f])+/gi, (bytes) => {
    try {
      return decodeURIComponent(bytes);
    } catch {
      return bytes;
    }
  });
