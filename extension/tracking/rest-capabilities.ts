import { workbenchPrefix, workbenchProtocol, type Capabilities } from '../../schemas/workbench-api.ts';
import { MlflowError } from '../shared/errors.ts';
import type { HttpClient } from '../shared/http.ts';

const none: Capabilities = { protocol: 0, events: false, histories: false, runSearch: false };

/** What a server can do beyond MLflow's API; nothing when it is another one, or speaks a protocol that is not ours. Rejects when it is away. */
export const readCapabilities = async (http: HttpClient, signal?: AbortSignal): Promise<Capabilities> => {
  try {
    const reply = (await http.json({ method: 'GET', path: `${workbenchPrefix}/capabilities`, signal })) as unknown as Partial<Capabilities>;
    return reply.protocol === workbenchProtocol ? { ...none, ...reply } : none;
  } catch (error) {
    if (error instanceof MlflowError && error.code !== 'TEMPORARILY_UNAVAILABLE') return none;
    throw error;
  }
};
