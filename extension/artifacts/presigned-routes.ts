import { asModelId, asRunId, type ModelId, type RunId } from '../../schemas/ids.ts';
import { endpoint, type Endpoint, type Parsed } from '../shared/endpoint.ts';
import { MlflowError } from '../shared/errors.ts';
import { splitUri } from '../shared/uri.ts';
import { parseArtifactPath } from './artifact-path.ts';

export interface PresignedRoutesOptions {
  readonly artifactUriOf: (runId: RunId) => Promise<string>;
  readonly modelUriOf: (modelId: ModelId) => Promise<string>;
}

const uploadFields = {
  run_id: { type: 'string' },
  model_id: { type: 'string' },
  path: { type: 'string', required: true },
  expiration: { type: 'int64' },
} as const;

const downloadFields = {
  run_id: { type: 'string', required: true },
  path: { type: 'string', required: true },
  expiration: { type: 'int64' },
} as const;

/** Seconds that MLflow lets such an address live. */
const longestLife = 604_800;

/** Addresses at a cloud's own storage, which local folders do not have: checked and refused as by a local MLflow. */
export const presignedEndpoints = (options: PresignedRoutesOptions): readonly Endpoint[] => [
  endpoint({ method: 'POST', path: '/artifacts/presigned-upload-url', fields: uploadFields, handle: (request) => refuseUpload(options, request) }),
  endpoint({ method: 'POST', path: '/artifacts/presigned-download-url', fields: downloadFields, handle: (request) => refuseDownload(options, request) }),
];

const invalid = (message: string): MlflowError => new MlflowError('INVALID_PARAMETER_VALUE', message);

const refuseUpload = async ({ artifactUriOf, modelUriOf }: PresignedRoutesOptions, request: Parsed<typeof uploadFields>): Promise<never> => {
  const { run_id = '', model_id = '', path } = request;
  if ((run_id === '') === (model_id === '')) throw invalid('Exactly one of run_id and model_id must be provided.');
  parseArtifactPath(path);
  const uri = await (run_id === '' ? modelUriOf(asModelId(model_id)) : artifactUriOf(asRunId(run_id)));
  throw refusal('Presigned upload', 'proxied artifact storage', 'a direct cloud storage artifact URI', uri);
};

const refuseDownload = async ({ artifactUriOf }: PresignedRoutesOptions, request: Parsed<typeof downloadFields>): Promise<never> => {
  const { run_id, path, expiration = 900 } = request;
  parseArtifactPath(path);
  if (expiration < 1 || expiration > longestLife) throw invalid(`expiration must be between 1 and ${longestLife} seconds (got ${expiration}).`);
  const uri = await artifactUriOf(asRunId(run_id));
  throw refusal('Presigned download', 'runs with proxied artifact storage', 'a run with a direct cloud storage artifact URI', uri);
};

const refusal = (what: string, proxied: string, wanted: string, artifactUri: string): MlflowError => {
  const { scheme } = splitUri(artifactUri);
  if (['http', 'https', 'mlflow-artifacts'].includes(scheme))
    return invalid(`${what} is not supported for ${proxied} (artifact URI scheme: ${scheme}). This endpoint requires ${wanted}.`);
  return new MlflowError('NOT_IMPLEMENTED', `${what} is not supported for the current artifact repository`);
};
