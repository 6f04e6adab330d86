import { expect, test } from 'vitest';

import { withoutSecrets } from '../../extension/shared/without-secrets.ts';

test.each([
  ['https://ann:s3cret@mlflow.example.org/x', 'https://mlflow.example.org/x'],
  ['store postgresql://ann@db/x: failed', 'store postgresql://db/x: failed'],
  ['GET https://h/x?token=abc&page=2', 'GET https://h/x?token=…&page=2'],
  ['mail ann@example.org', 'mail ann@example.org'],
  ['sqlite:////home/ann/a@b/mlflow.db', 'sqlite:////home/ann/a@b/mlflow.db'],
])('%s is shown as %s', (text, shown) => {
  expect(withoutSecrets(text)).toBe(shown);
});
