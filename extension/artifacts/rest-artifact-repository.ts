import type { WireFileInfo } from '../../schemas/rest-api.ts';
import type { HttpClient } from '../shared/http.ts';
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
    return files;
  },
  downloadArtifact: (runId, path, signal) => http.stream({ method: 'GET', path: '/get-artifact', query: { run_id: runId, path }, signal }),
});

const toFileInfo = ({ path, is_dir, file_size }: WireFileInfo): FileInfo => ({
  path,
  isDirectory: is_dir,
  ...(file_size === undefined ? {} : { size: Number(file_size) }),
});
