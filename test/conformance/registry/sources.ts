import { describe, expect, test } from 'vitest';

import { asModelId, asRunId } from '../../../schemas/ids.ts';
import { invalid, missing } from '../support.ts';
import { createModel, source, type GetStore } from './support.ts';

export const describeSources = (get: GetStore): void => {
  describe('sources', () => {
    test('a copy has the origin of what it copies', async () => {
      await createModel(get(), 'wine');
      await get().createModelVersion({ name: 'wine', source, runId: asRunId('r') });
      await get().setRegisteredModelAlias('wine', 'champion', 1);
      await createModel(get(), 'cellar');
      const copies = ['models:/wine/1', 'models:/wine@champion', 'models:/wine/latest', 'models:/wine/none'];
      for (const copied of copies)
        expect(await get().createModelVersion({ name: 'cellar', source: copied })).toMatchObject({ source: 'models:/wine/1', runId: 'r' });
      expect(await get().getModelVersionDownloadUri('cellar', 2)).toBe(source);
    });

    test('a copy cannot claim another origin', async () => {
      await createModel(get(), 'wine', 1);
      const refusal = invalid(
        "Invalid model version source: 'models:/wine/1'. The run_id and model_id request parameters must match the referenced model version.",
      );
      await expect(get().createModelVersion({ name: 'wine', source: 'models:/wine/1', runId: asRunId('other') })).rejects.toMatchObject(refusal);
      await expect(get().createModelVersion({ name: 'wine', source: 'models:/wine/1', modelId: asModelId('m-other') })).rejects.toMatchObject(refusal);
    });

    const identify = (what: string): RegExp => new RegExp(`The ${what} request parameter must identify the resource that contains the source\\.$`);

    test.each([
      ['models:/wine/9', missing('Model Version (name=wine, version=9) not found')],
      ['models:/none/1', missing('Registered Model with name=none not found')],
      ['models:/wine@none', invalid('Registered model alias none not found.')],
      ['models:/wine/x', invalid('Invalid Model Version stage: x. Value must be one of None, Staging, Production, Archived.')],
      ['models:/a/b/c', invalid(identify('model_id'))],
      ['models:/', invalid(identify('model_id'))],
      ['models://host/wine/1', invalid(/Registered model sources must use the active model registry\.$/)],
      ['models:/m-0123456789abcdef0123456789abcdef', invalid(identify('model_id'))],
      ['runs:/r/model', invalid(identify('run_id'))],
      ['mlflow-artifacts:/0/r/artifacts', invalid(identify('run_id'))],
      ['/etc/passwd', invalid(/To use a local path as a model version source, the run_id request parameter has to be specified/)],
      ['file:///etc/passwd', invalid(/To use a local path as a model version source/)],
      ['relative/path', invalid(/To use a local path as a model version source/)],
      ['http://host/x', invalid(/^'source' cannot use the 'http' scheme/)],
      ['mlflow-artifacts://host/x', invalid(/^'source' cannot use the 'mlflow-artifacts' scheme/)],
      ['s3://bucket/a/../b', invalid(/an absolute path must be provided without relative path references present/)],
      ['s3://bucket/a/%2e%2e/b', invalid(/an absolute path must be provided/)],
      ['s3://bucket/a/%252e%252e/b', invalid(/an absolute path must be provided/)],
      ['s3://bucket/a%00b', invalid(/an absolute path must be provided/)],
      ['s3://bucket/./a', invalid(/an absolute path must be provided/)],
      ['s3://bucket', invalid(/an absolute path must be provided/)],
    ])('%s is refused', async (bad, refusal) => {
      await createModel(get(), 'wine', 1);
      await expect(get().createModelVersion({ name: 'wine', source: bad })).rejects.toMatchObject(refusal);
      expect((await get().searchModelVersions({ maxResults: 10 })).items).toHaveLength(1);
    });

    test.each(['s3://bucket/a//b', 's3://bucket/a b', 'dbfs:/x', 'S3://bucket/x/', 'gs://b/a+b'])('%s is accepted', async (good) => {
      await createModel(get(), 'wine');
      expect(await get().createModelVersion({ name: 'wine', source: good })).toMatchObject({ source: good });
    });

    test('a run may register what it has logged', async () => {
      await createModel(get(), 'wine');
      const created = await get().createModelVersion({ name: 'wine', source: 'runs:/r/model', runId: asRunId('r') });
      expect(created).toMatchObject({ source: 'runs:/r/model', runId: 'r' });
    });

    test('prompts have no files and cannot be copied', async () => {
      const tags = [{ key: 'mlflow.prompt.is_prompt', value: 'true' }];
      await get().createRegisteredModel({ name: 'greet', tags });
      await expect(get().createModelVersion({ name: 'greet', source, tags })).rejects.toMatchObject(
        invalid("Invalid prompt source: 's3://bucket/model'. Prompt sources must use an MLflow placeholder."),
      );
      await get().createModelVersion({ name: 'greet', source: 'dummy-source', tags });
      await createModel(get(), 'wine');
      await expect(get().createModelVersion({ name: 'wine', source: 'models:/greet/1' })).rejects.toMatchObject(
        invalid("Invalid model version source: 'models:/greet/1'. Prompt versions cannot be used as model version sources."),
      );
    });
  });
};
