import type { Endpoint } from '../shared/endpoint.ts';
import { modelVersionEndpoints } from './model-version-routes.ts';
import { registeredModelEndpoints } from './registered-model-routes.ts';
import type { RegistryStore } from './registry-store.ts';

/** MLflow's endpoints of the model registry. */
export const registryEndpoints = (store: RegistryStore): readonly Endpoint[] => [...registeredModelEndpoints(store), ...modelVersionEndpoints(store)];
