import { toByteStream } from '../../extension/shared/byte-stream.ts';
import { MlflowError, isErrorCode } from '../../extension/shared/errors.ts';
import type { HttpClient, HttpRequest } from '../../extension/shared/http.ts';
import { parseJson, writeJson } from '../../extension/shared/json.ts';

type Fetch = (request: Request) => Response | Promise<Response>;

const toRequest = ({ method, path, query = {}, json, body: bytes, range, signal }: HttpRequest): Request => {
  const url = new URL(path, 'http://localhost');
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? (value as readonly string[]) : [value]) url.searchParams.append(name, String(one));
  }
  if (bytes !== undefined) return new Request(url, { method, ...{ body: toByteStream(bytes), duplex: 'half' }, signal: signal ?? null });
  const body = json === undefined ? null : writeJson(json);
  const headers = {
    ...(body !== null && { 'content-type': 'application/json' }),
    ...(range !== undefined && { range: `bytes=${range.start}-${range.end - 1}` }),
  };
  return new Request(url, { method, body, headers, signal: signal ?? null });
};

/** The client of a server that is a function: no port, no socket, the same requests and replies. */
export const appClient = (fetch: Fetch): HttpClient => {
  const send = async (request: HttpRequest): Promise<Response> => {
    const response = await fetch(toRequest(request));
    if (response.ok) return response;
    const { error_code: code = '', message = '' } = (await response.json()) as { error_code?: string; message?: string };
    throw new MlflowError(isErrorCode(code) ? code : 'INTERNAL_ERROR', message);
  };
  return {
    json: async (request) => parseJson(await (await send(request)).text()) as Record<string, unknown>,
    bytes: async (request) => (await send(request)).arrayBuffer(),
    stream: async (request) => {
      const { body, headers } = await send(request);
      const [, size] = /\/(\d+)$/.exec(headers.get('content-range') ?? '') ?? [];
      const chunks = body ?? new ReadableStream<Uint8Array>();
      return { [Symbol.asyncIterator]: () => chunks[Symbol.asyncIterator](), ...(size !== undefined && { partOf: Number(size) }) };
    },
  };
};
