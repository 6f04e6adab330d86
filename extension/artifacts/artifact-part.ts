import { MlflowError } from '../shared/errors.ts';
import type { ByteRange, HttpBody } from '../shared/http.ts';
import type { ArtifactPart, BegunDownload } from './artifact-repository.ts';

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

/** What is left of a download that broke off, out of what a server has sent: the rest, or the whole file once more. */
export const readRest = (body: HttpBody, path: string, { received, version }: BegunDownload): AsyncIterable<Uint8Array> => {
  const isOther = version !== undefined && body.version !== undefined && body.version !== version;
  if (isOther || (body.from !== undefined && body.from !== received))
    throw new MlflowError('RESOURCE_CONFLICT', `'${path}' has changed while it was downloaded: download it again.`);
  return body.partOf === undefined ? skip(body, received) : body;
};

async function* skip(body: AsyncIterable<Uint8Array>, bytes: number): AsyncGenerator<Uint8Array> {
  let at = 0;
  for await (const chunk of body) {
    const wanted = chunk.subarray(Math.max(0, bytes - at));
    at += chunk.length;
    if (wanted.length > 0) yield wanted;
  }
}

const onlyWhole = (path: string): MlflowError =>
  new MlflowError('NOT_IMPLEMENTED', `The server sends '${path}' only as a whole, so nothing beyond its beginning can be shown: download it.`);
