import { MlflowError } from '../shared/errors.ts';
import { decodeFully } from '../shared/uri.ts';

/** A path below an artifact root that cannot leave it: its segments, none of them empty, `.` or `..`. */
export type ArtifactPath = readonly string[] & { readonly __artifactPath: true };

const asArtifactPath = (segments: readonly string[]): ArtifactPath => segments as ArtifactPath;

export const artifactRootPath = asArtifactPath([]);
export const nameOf = (path: ArtifactPath): string => path.at(-1) ?? '';
export const parentOf = (path: ArtifactPath): ArtifactPath => asArtifactPath(path.slice(0, -1));
/** All folders on the way, from the topmost to the path itself. */
export const prefixesOf = (path: ArtifactPath): readonly ArtifactPath[] => path.map((_segment, index) => asArtifactPath(path.slice(0, index + 1)));
/** A name that a folder of ours lists, so one that exists. */
export const childOf = (path: ArtifactPath, name: string): ArtifactPath => asArtifactPath([...path, name]);

const longestPath = 4096;
const longestSegment = 255;

const refuse = (): MlflowError => new MlflowError('INVALID_PARAMETER_VALUE', 'Invalid path');

/**
 * Reads a path of the wire, decoded once. Whatever another reader could take for a way out is refused, also
 * when it decodes the text again and again: backslashes, drives, schemes, control characters, further slashes.
 * Percent signs that hide none of it are part of a name, as in the images of MLflow 2: `x%step%0%timestamp%1712…`.
 */
export const parseArtifactPath = (text: string, platform: NodeJS.Platform = process.platform): ArtifactPath => {
  if (Buffer.byteLength(text) > longestPath) throw new MlflowError('INVALID_PARAMETER_VALUE', `Invalid path: it is longer than ${longestPath} bytes`);
  const decoded = decodeFully(text);
  if (!text.isWellFormed() || controls.test(text) || /[\\\0]/.test(decoded)) throw refuse();
  // Some readers of URLs drop control characters, and what was on both sides of one comes together.
  const read = decoded.replaceAll(new RegExp(controls, 'g'), '');
  if (decodeFully(read) !== read || /^(?:[a-z]:|[a-z][a-z\d+.-]*:\/)/i.test(read)) throw refuse();
  const [segments, further] = [segmentsOf(text), segmentsOf(read)];
  if (further.length !== segments.length || [...segments, ...further].some(isClimb)) throw refuse();
  for (const segment of segments) checkSegment(segment, platform);
  return asArtifactPath(segments);
};

const controls = /[\0-\x1f\x7f]/;

const segmentsOf = (text: string): readonly string[] => text.replace(/\/$/, '').split('/');

const isClimb = (segment: string): boolean => segment === '' || segment === '.' || segment === '..';

const checkSegment = (segment: string, platform: NodeJS.Platform): void => {
  if (Buffer.byteLength(segment) > longestSegment)
    throw new MlflowError('INVALID_PARAMETER_VALUE', `Invalid path: a name in it is longer than ${longestSegment} bytes`);
  if (platform === 'win32' && !isWindowsName(segment))
    throw new MlflowError('INVALID_PARAMETER_VALUE', `Invalid path: Windows has no file of the name '${segment}'`);
};

/** Devices, alternate streams, and names that Windows would fold into others. */
const isWindowsName = (segment: string): boolean =>
  !/[<>:"|?*]|[. ]$/.test(segment) && !/^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[\d¹²³]) *(?:\.|$)/i.test(segment);

/** The root itself for an absent or empty path. */
export const parseArtifactFolder = (text: string | undefined): ArtifactPath => (text === undefined || text === '' ? artifactRootPath : parseArtifactPath(text));

/** Decodes the rest of a URL's path, once; bytes that are not UTF-8 are no path. */
export const parseEncodedArtifactPath = (encoded: string): ArtifactPath => {
  let text: string;
  try {
    text = decodeURIComponent(encoded);
  } catch (error) {
    throw new MlflowError('INVALID_PARAMETER_VALUE', 'Invalid path', { cause: error });
  }
  return parseArtifactPath(text);
};
