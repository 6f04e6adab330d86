import type { RunReference } from '../../host/commands.ts';
import { MlflowError } from '../../shared/errors.ts';
import type { StoreConnection, StoreConnections } from '../../tracking/store-connection.ts';

export const storeOf = (stores: StoreConnections, { storeId }: RunReference): StoreConnection => {
  const store = stores.byId(storeId);
  if (store === undefined) throw new MlflowError('RESOURCE_DOES_NOT_EXIST', 'The store of this artifact is not open here');
  return store;
};
