import { MlflowError } from '../shared/errors.ts';

/** Bytes of a JSON body; MLflow's own limit for a batch is 1 MB, a logged model's JSON may be larger. */
const largestBody = 32 * 1024 * 1024;

const tooLarge = (): MlflowError => new MlflowError('REQUEST_TOO_LARGE', `The request body is larger than ${largestBody} bytes`);

/** The text of a body, refused as soon as it is known to be too large. */
export const readBody = async (request: Request): Promise<string> => {
  if (request.headers.get('content-encoding') !== null) throw new MlflowError('UNSUPPORTED_MEDIA_TYPE', 'Compressed request bodies are not supported');
  const length = request.headers.get('content-length');
  if (length === null) return readUnmeasured(request.body);
  if (Number(length) > largestBody) throw tooLarge();
  return request.text();
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
