import { pythonRepr } from '../shared/python-text.ts';
import { commandLine } from '../shared/shell-quote.ts';
import { storeVariables, trackingUri, type StoreAddress } from '../tracking/store-connection.ts';

export interface Snippet {
  readonly title: string;
  readonly text: string;
}

/** How a model is loaded and asked in Python, and served from a terminal. */
export const modelSnippets = (modelUri: string, store: StoreAddress | undefined, platform: NodeJS.Platform): readonly Snippet[] => [
  { title: 'Load and predict, in Python', text: pythonText(modelUri, store) },
  { title: 'Serve, from a terminal', text: serveText(modelUri, store, platform) },
];

const pythonText = (modelUri: string, store: StoreAddress | undefined): string =>
  [
    'import mlflow',
    '',
    ...(store === undefined ? [] : [`mlflow.set_tracking_uri(${pythonRepr(trackingUri(store))})`]),
    `model = mlflow.pyfunc.load_model(${pythonRepr(modelUri)})`,
    'predictions = model.predict(data)  # a DataFrame, an array or what the signature says',
    '',
  ].join('\n');

const serveText = (modelUri: string, store: StoreAddress | undefined, platform: NodeJS.Platform): string => {
  const words = ['mlflow', 'models', 'serve', '--model-uri', modelUri, '--env-manager', 'local', '--host', '127.0.0.1', '--port', '5001'];
  return `${commandLine(words, store === undefined ? {} : storeVariables(store), platform)}\n`;
};
