import { MlflowError } from '../shared/errors.ts';
import type { ByteRange, HttpBody } from '../shared/http.ts';
import type { ArtifactPart } from './artifact-repository.ts';

/** Bytes that are thrown away, to get at a range, of a server that sends files only as a whole. */
const mostSkipped = 64 * 1024 * 1024;

/** The bytes of a range, out of what a server has sent: that range, or the whole file. */
export const readPart = async (body: HttpBody, path: string, { start, end }: ByteRange): Promise<ArtifactPart> => {
  const isPart = body.partOf !== undefined;
  if (!isPart && start > mostSkipped) throw onlyWhole(path);
  const bytes = new Uint8Array(end - start);
  let at = isPart ? start : 0;
  let filled = 0;
  for await (const chunk of body) {
    const wanted = chunk.subarray(Math.max(0, start - at), Math.max(0, end - at));
    bytes.set(wanted, filled);
    filled += wanted.length;
    at += chunk.length;
    if (at >= end) break;
  }
  // What ended before the range did is known by now.
  const size = body.partOf ?? (at < end ? at : undefined);
  return { bytes: filled === bytes.length ? bytes.buffer : bytes.buffer.slice(0, filled), ...(size !== undefined && { size }) };
};

const onlyWhole = (path: string): MlflowError =>
  new MlflowError('NOT_IMPLEMENTED', `The server sends '${path}' only as a whole, so nothing beyond its beginning can be shown: download it.`);
