import { errorMessage, MlflowError } from '../shared/errors.ts';

/** Bytes of a JSON body, unpacked; MLflow's own limit for a batch is 1 MB, a logged model's JSON may be larger. */
const largestBody = 32 * 1024 * 1024;

const tooLarge = (): MlflowError => new MlflowError('REQUEST_TOO_LARGE', `The request body is larger than ${largestBody} bytes`);

/** The text of a body, refused as soon as it is known to be too large, however small it was packed. */
export const readBody = async (request: Request): Promise<string> => {
  const coding = request.headers.get('content-encoding')?.toLowerCase() ?? 'identity';
  const length = request.headers.get('content-length');
  if (Number(length ?? 0) > largestBody) throw tooLarge();
  if (coding === 'gzip') return readZipped(request.body);
  if (coding !== 'identity') throw new MlflowError('UNSUPPORTED_MEDIA_TYPE', `Request bodies may be compressed with gzip only, not with ${coding}`);
  return length === null ? readUnmeasured(request.body) : request.text();
};

const readZipped = async (body: ReadableStream<BufferSource> | null): Promise<string> => {
  try {
    return await readUnmeasured(body?.pipeThrough(new DecompressionStream('gzip')) ?? null);
  } catch (error) {
    if (error instanceof MlflowError) throw error;
    throw new MlflowError('INVALID_PARAMETER_VALUE', `The request body is not valid gzip: ${errorMessage(error)}`, { cause: error });
  }
};

const readUnmeasured = async (body: ReadableStream<Uint8Array> | null): Promise<string> => {
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > largestBody) throw tooLarge();
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
};
