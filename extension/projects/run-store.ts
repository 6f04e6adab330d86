import type { Disposable } from '../shared/disposables.ts';
import type { HttpClient } from '../shared/http.ts';
import type { Logger } from '../shared/logger.ts';
import { fetchClient } from '../shared/rest-client.ts';
import { ServerProcess } from '../shared/server-process.ts';
import { createRestTrackingStore } from '../tracking/rest-tracking-store.ts';
import type { StoreAddress } from '../tracking/store-connection.ts';
import type { TrackingStore } from '../tracking/tracking-store.ts';

export interface OpenedTrackingStore extends Disposable {
  readonly tracking: TrackingStore;
}

/** Opens a store without the editor: a local one by a server process of its own, which ends with the store. */
export type OpenTrackingStore = (address: StoreAddress) => Promise<OpenedTrackingStore>;

interface OpenOptions {
  /** The bundled server's file name. */
  readonly serverScript: string;
  readonly log: Logger;
  /** Make a local store that is not there. */
  readonly create?: boolean;
}

export const createOpenTrackingStore =
  (options: OpenOptions): OpenTrackingStore =>
  async (address) => {
    const { http, dispose } = await openStoreClient(options, address);
    return { tracking: createRestTrackingStore(http), dispose };
  };

interface OpenedClient extends Disposable {
  readonly http: HttpClient;
}

/** The same, for whoever wants more of the store than its runs. */
export const openStoreClient = async ({ serverScript, log, create = false }: OpenOptions, address: StoreAddress): Promise<OpenedClient> => {
  if (address.kind === 'server') return { http: fetchClient(address.url, credentials), dispose: () => {} };
  const server = new ServerProcess(serverScript, log);
  try {
    const { http } = await server.openStore({ path: address.path, create });
    return { http, dispose: () => server.dispose() };
  } catch (error) {
    server.dispose();
    throw error;
  }
};

/** MLflow's own variables, as the run itself uses them. */
const credentials = (): Readonly<Record<string, string>> => {
  const { MLFLOW_TRACKING_TOKEN: token, MLFLOW_TRACKING_USERNAME: user, MLFLOW_TRACKING_PASSWORD: password } = process.env;
  if (user !== undefined && password !== undefined) return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
};
