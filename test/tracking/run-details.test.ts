import { describe, expect, test } from 'vitest';

import type { ArtifactRepository, FileInfo } from '../../extension/artifacts/artifact-repository.ts';
import { readRunDetails } from '../../extension/tracking/run-details.ts';

/** A store that holds these files. */
const artifactsWith = (texts: Readonly<Record<string, string>>): Pick<ArtifactRepository, 'listArtifacts' | 'downloadArtifact'> => ({
  listArtifacts: async (_, folder = '') => {
    const below = Object.keys(texts).filter((path) => folder === '' || path.startsWith(`${folder}/`));
    const names = new Set(below.map((path) => path.slice(folder === '' ? 0 : folder.length + 1).split('/')[0] ?? ''));
    return [...names].map((name): FileInfo => {
      const path = folder === '' ? name : `${folder}/${name}`;
      return Object.hasOwn(texts, path) ? { path, isDirectory: false, size: texts[path]?.length ?? 0 } : { path, isDirectory: true };
    });
  },
  downloadArtifact: async (_, path) =>
    (async function* () {
      yield Buffer.from(texts[path] ?? '');
    })(),
});

describe('What is read of a run to explain a difference', () => {
  test('is its files, and the environment named nearest to their root', async () => {
    const artifacts = artifactsWith({
      'model/requirements.txt': 'mlflow==3.17.2\nscikit-learn==1.7\n',
      'model/python_env.yaml': 'python: 3.11.7\nbuild_dependencies:\n- pip\n',
      'old/deep/requirements.txt': 'mlflow==2.0\n',
      'plot.png': 'x',
    });
    const details = await readRunDetails(artifacts, 'r', new AbortController().signal);
    expect(details).toMatchObject({
      runId: 'r',
      isWhole: true,
      python: '3.11.7',
      packages: [
        { name: 'mlflow', version: '3.17.2' },
        { name: 'scikit-learn', version: '1.7' },
      ],
    });
    expect(details.files.map(({ path }) => path).toSorted()).toEqual([
      'model/python_env.yaml',
      'model/requirements.txt',
      'old/deep/requirements.txt',
      'plot.png',
    ]);
  });

  test('ends where there is too much', async () => {
    const many = artifactsWith(Object.fromEntries(Array.from({ length: 700 }, (_, at) => [`f${at}`, 'x'])));
    const details = await readRunDetails(many, 'r', new AbortController().signal);
    expect([details.files.length, details.isWhole]).toEqual([500, false]);
  });

  test('is the environment of conda where pip has no requirements', async () => {
    const artifacts = artifactsWith({ 'conda.yaml': 'dependencies: [python=3.11.7, pip: [Scikit_Learn == 1.2.3]]' });
    const details = await readRunDetails(artifacts, 'r', new AbortController().signal);
    expect(details).toMatchObject({ python: '3.11.7', packages: [{ name: 'scikit-learn', version: '1.2.3' }] });
  });
});
