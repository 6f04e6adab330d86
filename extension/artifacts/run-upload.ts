import type { RunId } from '../../schemas/ids.ts';
import { workbenchPrefix } from '../../schemas/workbench-api.ts';
import { MlflowError } from '../shared/errors.ts';
import type { HttpClient } from '../shared/http.ts';
import { splitUri } from '../shared/uri.ts';

/** Where a run's artifacts are to be written. */
export interface UploadTarget {
  readonly http: HttpClient;
  readonly runId: RunId;
  readonly artifactUri: string;
  /** The server is ours: it writes wherever the run keeps its artifacts. */
  readonly isOurs: boolean;
}

export interface UploadedFile {
  /** Relative to the run's artifacts, with `/`. */
  readonly path: string;
  readonly size: number;
  readonly open: () => AsyncIterable<Uint8Array>;
}

/** MLflow's own route for servers that keep the artifacts themselves takes no more (bytes). */
const largestPost = 10 * 1024 * 1024;

const encodePath = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

/** Through whichever door the server has for it. */
export const uploadArtifact = async (target: UploadTarget, file: UploadedFile, signal?: AbortSignal): Promise<void> => {
  const { http, runId, artifactUri, isOurs } = target;
  const { scheme, path: root } = splitUri(artifactUri);
  const body = file.open();
  if (isOurs) {
    await http.json({ method: 'PUT', path: `${workbenchPrefix}/artifacts/${encodePath(file.path)}`, query: { run_id: runId }, body, signal });
    return;
  }
  if (scheme === 'mlflow-artifacts') {
    const place = `${root.replace(/^\/+|\/+$/g, '')}/${encodePath(file.path)}`;
    await http.json({ method: 'PUT', path: `/api/2.0/mlflow-artifacts/artifacts/${place}`, body, signal });
    return;
  }
  if (file.size > largestPost) throw tooLarge(file.path, artifactUri);
  await http.json({ method: 'POST', path: '/ajax-api/2.0/mlflow/upload-artifact', query: { run_uuid: runId, path: file.path }, body, signal });
};

const tooLarge = (path: string, artifactUri: string): MlflowError =>
  new MlflowError(
    'REQUEST_TOO_LARGE',
    `'${path}' is larger than 10 MB, and the server takes no more for artifacts in ${splitUri(artifactUri).scheme || 'a folder of its own'}: upload it with Python's mlflow`,
  );
