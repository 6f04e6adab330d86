import { expect, test } from 'vitest';

import { modelSnippets } from '../../extension/models/snippet.ts';

const textsOf = (...about: Parameters<typeof modelSnippets>): readonly string[] => modelSnippets(...about).map(({ text }) => text);

test('a model is loaded and asked in Python, and served from a terminal, with its store', () => {
  expect(textsOf('models:/wine/1', { kind: 'sqlite', path: "/it's here/mlflow.db" }, 'linux')).toEqual([
    [
      'import mlflow',
      '',
      `mlflow.set_tracking_uri("sqlite:////it's here/mlflow.db")`,
      "model = mlflow.pyfunc.load_model('models:/wine/1')",
      'predictions = model.predict(data)  # a DataFrame, an array or what the signature says',
      '',
    ].join('\n'),
    `MLFLOW_TRACKING_URI='sqlite:////it'"'"'s here/mlflow.db' mlflow models serve --model-uri models:/wine/1 --env-manager local --host 127.0.0.1 --port 5001\n`,
  ]);
});

test('a folder needs no store; cmd.exe sets variables in its own way', () => {
  const [python, terminal] = textsOf('/models/wine', undefined, 'linux');
  expect(python).not.toContain('set_tracking_uri');
  expect(terminal).toMatch(/^mlflow models serve --model-uri \/models\/wine /);
  expect(textsOf('models:/wine/1', { kind: 'server', url: 'https://host/mlflow' }, 'win32')[1]).toMatch(
    /^set MLFLOW_TRACKING_URI=https:\/\/host\/mlflow& mlflow models serve /,
  );
});
