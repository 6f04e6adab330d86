import { MlflowError } from '../shared/errors.ts';
import type { HttpClient } from '../shared/http.ts';

/** Resolves when the server has workspaces: without them it would answer with what is in none, as if that were in this one. */
export const checkWorkspaces = async (http: HttpClient, signal?: AbortSignal): Promise<void> => {
  const info = await http.json({ method: 'GET', path: '/api/3.0/mlflow/server-info', signal }).catch((error: unknown) => {
    if (error instanceof MlflowError && error.code === 'ENDPOINT_NOT_FOUND') return {};
    throw error;
  });
  if ('workspaces_enabled' in info && info['workspaces_enabled'] === true) return;
  throw new MlflowError(
    'NOT_IMPLEMENTED',
    'It has no workspaces: MLflow 3.10 and newer have them once they are switched on. Take ?workspace= out of its address, or MLFLOW_WORKSPACE away',
  );
};
