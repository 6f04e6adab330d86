import { asRunId, type RunId } from '../../schemas/ids.ts';
import type { WireFileInfo } from '../../schemas/rest-api.ts';
import { workbenchPrefix } from '../../schemas/workbench-api.ts';
import { endpoint, type BinaryRequest, type BinaryRoute, type Endpoint } from '../shared/endpoint.ts';
import { MlflowError } from '../shared/errors.ts';
import { listFolder, openArtifact, removeArtifact } from './artifact-folder.ts';
import { nameOf, parseArtifactFolder, parseArtifactPath, parseEncodedArtifactPath } from './artifact-path.ts';
import { artifactReply } from './artifact-reply.ts';
import type { FileInfo } from './artifact-repository.ts';
import type { ArtifactRoots } from './artifact-roots.ts';
import { writeArtifact } from './upload.ts';

export interface ArtifactRoutesOptions {
  readonly artifactUriOf: (runId: RunId) => Promise<string>;
  readonly roots: ArtifactRoots;
}

const largestUpload = 10 * 1024 * 1024;

const invalid = (message: string): MlflowError => new MlflowError('INVALID_PARAMETER_VALUE', message);

export const fileReply = ({ path, isDirectory, size }: FileInfo): WireFileInfo => ({
  path,
  is_dir: isDirectory,
  ...(size !== undefined && { file_size: size }),
});

const filesReply = (files: readonly FileInfo[]): { readonly files?: readonly WireFileInfo[] } => (files.length === 0 ? {} : { files: files.map(fileReply) });

export const artifactEndpoints = ({ artifactUriOf, roots }: ArtifactRoutesOptions): readonly Endpoint[] => [
  endpoint({
    method: 'GET',
    path: '/artifacts/list',
    fields: { run_id: { type: 'string', required: true }, path: { type: 'string' }, page_token: { type: 'string' } },
    handle: async ({ run_id, path }) => {
      const folder = parseArtifactFolder(path);
      const root_uri = await artifactUriOf(asRunId(run_id));
      return { root_uri, ...filesReply(await listFolder(await roots.folderOf(root_uri), folder)) };
    },
  }),
];

/** Routes that carry bytes: a run's artifacts, and those that this server keeps for clients (`mlflow-artifacts:`). */
export const artifactBinaryRoutes = (options: ArtifactRoutesOptions): readonly BinaryRoute[] => [
  { method: 'GET', path: '/get-artifact', handle: (request) => getArtifact(options, request) },
  { method: 'POST', path: '/ajax-api/2.0/mlflow/upload-artifact', handle: (request) => uploadArtifact(options, request) },
  { method: 'PUT', path: `${workbenchPrefix}/artifacts/*`, handle: (request) => putArtifact(options, request) },
  ...['/api/2.0/mlflow-artifacts', '/ajax-api/2.0/mlflow-artifacts'].flatMap((prefix) => proxyRoutes(prefix, options.roots)),
];

const jsonReply = (body: object, status = 200): Response => Response.json(body, { status, headers: { 'x-content-type-options': 'nosniff' } });

const getArtifact = async ({ artifactUriOf, roots }: ArtifactRoutesOptions, { query, headers }: BinaryRequest): Promise<Response> => {
  const runId = query.get('run_id') ?? query.get('run_uuid') ?? '';
  const path = parseArtifactPath(required(query, 'path'));
  const root = await roots.folderOf(await artifactUriOf(asRunId(runId)));
  return artifactReply(await openArtifact(root, path), nameOf(path), headers.get('range'));
};

const required = (query: URLSearchParams, name: string): string => {
  const value = query.get(name);
  if (value === null || value === '') throw invalid(`Request must specify ${name}.`);
  return value;
};

const uploadArtifact = async ({ artifactUriOf, roots }: ArtifactRoutesOptions, { query, headers, body, signal }: BinaryRequest): Promise<Response> => {
  const runId = asRunId(required(query, 'run_uuid'));
  const path = parseArtifactPath(required(query, 'path'));
  if (Number(headers.get('content-length') ?? 0) > largestUpload) throw tooLarge();
  const data = await readUpload(body);
  const root = await roots.folderOf(await artifactUriOf(runId));
  await writeArtifact(root, path, data, signal);
  return new Response('', { headers: { 'content-type': 'application/json' } });
};

/** Of any size, as it comes: for a run whose artifacts MLflow's own clients would write themselves. */
const putArtifact = async ({ artifactUriOf, roots }: ArtifactRoutesOptions, { query, rawPath, body, signal }: BinaryRequest): Promise<Response> => {
  const path = parseEncodedArtifactPath(rawPath);
  const root = await roots.folderOf(await artifactUriOf(asRunId(required(query, 'run_id'))));
  await writeArtifact(root, path, body ?? toAsync([]), signal);
  return jsonReply({});
};

const tooLarge = (): MlflowError => invalid('Artifact size is too large. Max size is 10MB.');

const readUpload = async (body: ReadableStream<Uint8Array> | null): Promise<AsyncIterable<Uint8Array>> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > largestUpload) throw tooLarge();
    chunks.push(chunk);
  }
  if (size === 0) throw invalid('Request must specify data.');
  return toAsync(chunks);
};

async function* toAsync<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items;
}

const proxyRoutes = (prefix: string, roots: ArtifactRoots): readonly BinaryRoute[] => [
  {
    method: 'GET',
    path: `${prefix}/artifacts`,
    handle: async ({ query }) => {
      const files = await listFolder(roots.destination, parseArtifactFolder(query.get('path') ?? undefined));
      return jsonReply(filesReply(files.map((file) => ({ ...file, path: file.path.slice(file.path.lastIndexOf('/') + 1) }))));
    },
  },
  {
    method: 'GET',
    path: `${prefix}/artifacts/*`,
    handle: async ({ rawPath, headers }) => {
      const path = parseEncodedArtifactPath(rawPath);
      return artifactReply(await openArtifact(roots.destination, path), nameOf(path), headers.get('range'));
    },
  },
  {
    method: 'PUT',
    path: `${prefix}/artifacts/*`,
    handle: async ({ rawPath, body, signal }) => {
      await writeArtifact(roots.destination, parseEncodedArtifactPath(rawPath), body ?? toAsync([]), signal);
      return jsonReply({});
    },
  },
  {
    method: 'DELETE',
    path: `${prefix}/artifacts/*`,
    handle: async ({ rawPath }) => {
      await removeArtifact(roots.destination, parseEncodedArtifactPath(rawPath));
      return jsonReply({});
    },
  },
  ...['create', 'complete', 'abort'].map((step): BinaryRoute => notSupported('POST', `${prefix}/mpu/${step}/*`, 'Multipart upload')),
  notSupported('GET', `${prefix}/presigned/*`, 'Multipart download'),
];

/** As a local MLflow answers; its clients then send the file in one piece. */
const notSupported = (method: BinaryRoute['method'], path: string, what: string): BinaryRoute => ({
  method,
  path,
  handle: async ({ rawPath }) => {
    parseEncodedArtifactPath(rawPath);
    throw new MlflowError('NOT_IMPLEMENTED', `${what} is not supported for the current artifact repository`);
  },
});
