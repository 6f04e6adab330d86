import { splitUri } from '../shared/uri.ts';
import { storeVariables, type StoreAddress } from '../tracking/store-connection.ts';
import type { ServingRequest } from './serving-folder.ts';

/** Every process of a scoring server carries it: by it they are found when the server is stopped. */
export const servingMarker = (id: string): `${string}=${string}` => `${markerVariable}=${id}`;

const markerVariable = 'MLFLOW_WORKBENCH_SERVER';

/** The marker as a variable. */
export const markerOf = (id: string): Record<string, string> => ({ [markerVariable]: id });

/** What programs of every kind need to run. */
const ofTheSystem = /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_\w+|TZ|TMPDIR|TEMP|TMP|XDG_\w+|(LD|DYLD)_\w+)$/i;
const ofWindows =
  /^(SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|PATHEXT|OS|USERPROFILE|USERNAME|APPDATA|LOCALAPPDATA|PROGRAMDATA|PROGRAMFILES(\(X86\))?|HOMEDRIVE|HOMEPATH|NUMBER_OF_PROCESSORS|PROCESSOR_ARCHITECTURE)$/i;
const ofPython = /^(PYTHON\w+|VIRTUAL_ENV|CONDA_\w+|JAVA_HOME|SPARK_HOME|HADOOP_HOME|R_HOME|HF_HOME|HF_HUB_CACHE|HF_HUB_OFFLINE|TORCH_HOME|TRANSFORMERS_\w+)$/;
const ofHardware = /^(CUDA_\w+|NVIDIA_\w+|OMP_\w+|MKL_\w+|OPENBLAS_\w+)$/;
const ofTheNetwork = /^(HTTPS?_PROXY|ALL_PROXY|NO_PROXY|SSL_CERT_FILE|SSL_CERT_DIR|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE)$/i;
const ofMlflow = /^MLFLOW_(ENV_ROOT|CONDA_HOME|CONDA_CREATE_ENV_CMD|ALLOW_PICKLE_DESERIALIZATION|DISABLE_SCHEMA_DETAILS|DEFAULT_PREDICTION_DEVICE)$/;
const needed = [ofTheSystem, ofWindows, ofPython, ofHardware, ofTheNetwork, ofMlflow];

/** Addresses of package indexes may hold passwords: only what makes an environment gets them. */
const ofInstallers = /^(PIP_\w+|UV_\w+|PYENV_\w+)$/;

/** Programs of the cloud that a model's files are in find their credentials so. */
const ofClouds: Readonly<Record<string, RegExp>> = {
  s3: /^(AWS_\w+|MLFLOW_S3_\w+|MLFLOW_BOTO_\w+)$/,
  r2: /^(AWS_\w+|MLFLOW_S3_\w+)$/,
  b2: /^(AWS_\w+|MLFLOW_S3_\w+)$/,
  gs: /^(GOOGLE_\w+|MLFLOW_GCS_\w+)$/,
  wasbs: /^AZURE_\w+$/,
  abfss: /^AZURE_\w+$/,
};

/** A model may ask for keys of services that it calls, never for those of a store. */
const ofStores = /^MLFLOW_(TRACKING_\w+|REGISTRY_\w+)$/i;

export interface ServingEnvironment {
  readonly id: string;
  readonly request: Pick<ServingRequest, 'modelUri' | 'manager' | 'variables'>;
  /** Where `models:/` and `runs:/` are looked up. */
  readonly store?: StoreAddress;
  /** Names of variables that the user lets servers have. */
  readonly allowed: readonly string[];
}

/** Of all that the editor has only what serving a model needs: its code may be anybody's. */
export const servingEnvironment = (all: Readonly<Record<string, string>>, serving: ServingEnvironment): Record<string, string> => {
  const passes = isPassed(serving);
  const kept = Object.entries(all).filter(([name]) => passes(name));
  return {
    ...Object.fromEntries(kept),
    PYTHONUNBUFFERED: '1',
    ...markerOf(serving.id),
    ...(serving.store === undefined ? {} : variablesOf(serving.store)),
  };
};

const isPassed = ({ request, allowed }: ServingEnvironment): ((name: string) => boolean) => {
  const patterns = [...needed, ...(request.manager === 'local' ? [] : [ofInstallers]), ofClouds[splitUri(request.modelUri).scheme ?? ''] ?? /$^/];
  const asked = new Set([...request.variables.filter((name) => !ofStores.test(name)), ...allowed]);
  return (name) => asked.has(name) || patterns.some((pattern) => pattern.test(name));
};

/** The client's own seven tries take minutes when a server is away. */
const variablesOf = (store: StoreAddress): Record<string, string> => ({
  ...storeVariables(store),
  ...(store.kind === 'server' && { MLFLOW_HTTP_REQUEST_MAX_RETRIES: '2' }),
});
