import { pythonRepr } from '../shared/python-text.ts';
import { trackingUri, type StoreAddress } from '../tracking/store-connection.ts';

/** How the model is loaded and asked in Python. */
export const modelSnippet = (modelUri: string, store: StoreAddress | undefined): string =>
  [
    'import mlflow',
    '',
    ...(store === undefined ? [] : [`mlflow.set_tracking_uri(${pythonRepr(trackingUri(store))})`]),
    `model = mlflow.pyfunc.load_model(${pythonRepr(modelUri)})`,
    'predictions = model.predict(data)  # a DataFrame, an array or what the signature says',
    '',
  ].join('\n');
