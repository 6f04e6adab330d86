import { pythonRepr } from '../shared/python-text.ts';
import { storeVariables, type StoreAddress } from './store-connection.ts';

/** The cell that makes a notebook log to a store: kernels do not get the environment of terminals. */
export const trackingCell = (address: StoreAddress): string => {
  const { MLFLOW_TRACKING_URI: uri = '', ...others } = storeVariables(address);
  const settings = Object.entries(others).map(([name, value]) => `os.environ.setdefault(${pythonRepr(name)}, ${pythonRepr(value)})`);
  return [...(settings.length === 0 ? [] : ['import os', '']), 'import mlflow', '', ...settings, `mlflow.set_tracking_uri(${pythonRepr(uri)})`].join('\n');
};

/** Whether a cell sets where the notebook logs to. */
export const setsTrackingUri = (cell: string): boolean => /^[^#\n]*\bset_tracking_uri\s*\(/m.test(cell);
