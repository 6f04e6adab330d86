import { describe, expect, test } from 'vitest';

import { envLine, envLinesToAppend, readEnvFile } from '../../extension/tracking/env-file.ts';

describe('reading', () => {
  test('names, values, quotes and comments as python-dotenv has them', () => {
    const text = [
      '# MLFLOW_TRACKING_URI=commented',
      'PLAIN=http://host:5000 # the server',
      "  export SINGLE = 'a b # c'",
      String.raw`DOUBLE="first\nsecond \"quoted\""`,
      'HASH=a#b',
      'EMPTY=',
      'NOTHING',
      'TWICE=1',
      'TWICE=2',
    ].join('\r\n');
    expect(readEnvFile(text)).toEqual({
      PLAIN: 'http://host:5000',
      SINGLE: 'a b # c',
      DOUBLE: 'first\nsecond "quoted"',
      HASH: 'a#b',
      EMPTY: '',
      TWICE: '2',
    });
  });

  test('what is no assignment is skipped', () => {
    expect(readEnvFile('\u0000\u0001=\n=value\n===\n"half\n')).toEqual({ '\u0000\u0001': '' });
  });
});

describe('adding', () => {
  test.each([
    ['', 'A=1\n'],
    ['B=2\n', 'A=1\n'],
    ['B=2', '\nA=1\n'],
    ['B=2\r\nC=3\r\n', 'A=1\r\n'],
    ['B=2\r\nC=3', '\r\nA=1\r\n'],
  ])('behind %j comes %j', (text, added) => {
    expect(envLinesToAppend(text, { A: '1' })).toBe(added);
  });

  test.each(['sqlite:////home/me/mlflow.db', 'sqlite:////home/my work/mlflow.db', "sqlite:////it's #1/mlflow.db", String.raw`sqlite:///C:\new\mlflow.db`])(
    'what is written for %s is read the same',
    (uri) => {
      expect(readEnvFile(envLine('MLFLOW_TRACKING_URI', uri))).toEqual({ MLFLOW_TRACKING_URI: uri });
    },
  );
});
