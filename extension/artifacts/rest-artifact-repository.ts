import type { WireFileInfo } from '../../schemas/rest-api.ts';
import type { HttpClient } from '../shared/http.ts';
import { readPart, readRest } from './artifact-part.ts';
import type { ArtifactRepository, FileInfo } from './artifact-repository.ts';

/** A run's artifacts through any MLflow server. */
export const createRestArtifactRepository = (http: HttpClient): ArtifactRepository => ({
  listArtifacts: async (runId, path, signal) => {
    const files: FileInfo[] = [];
    let token: string | undefined;
    do {
      const query = { run_id: runId, path, page_token: token };
      const reply = await http.json({ method: 'GET', path: '/api/2.0/mlflow/artifacts/list', query, signal });
      files.push(...((reply['files'] ?? []) as readonly WireFileInfo[]).map(toFileInfo));
      token = typeof reply['next_page_token'] === 'string' && reply['next_page_token'] !== '' ? reply['next_page_token'] : undefined;
    } while (token !== undefined);
    return files.filter((file) => isChild(path ?? '', file.path));
  },
  downloadArtifact: (runId, path, signal) => http.stream({ method: 'GET', path: '/get-artifact', query: { run_id: runId, path }, signal }),
  downloadRest: async (runId, path, begun, signal) => {
    const range = { start: begun.received, end: Number.MAX_SAFE_INTEGER };
    return readRest(await http.stream({ method: 'GET', path: '/get-artifact', query: { run_id: runId, path }, range, signal }), path, begun);
  },
  readArtifact: async (runId, path, range, signal) =>
    await readPart(await http.stream({ method: 'GET', path: '/get-artifact', query: { run_id: runId, path }, range, signal }), path, range),
});

const toFileInfo = ({ path, is_dir, file_size }: WireFileInfo): FileInfo => ({
  path,
  isDirectory: is_dir,
  ...(file_size === undefined ? {} : { size: Number(file_size) }),
});

/** A server can name anything; what is not directly in the folder that was asked for is no answer. */
const isChild = (folder: string, path: string): boolean => {
  const prefix = folder === '' ? '' : `${folder.replace(/\/+$/, '')}/`;
  const name = path.startsWith(prefix) ? path.slice(prefix.length) : '';
  return !/^(?:\.{0,2}|.*[/\0].*)$/s.test(name);
};
