import { beforeEach, describe, expect, test } from 'vitest';

import type { LoggedModel } from '../../../extension/tracking/logged-model.ts';
import { asRunId, type ExperimentId, type ModelId, type RunId } from '../../../schemas/ids.ts';
import { invalid } from '../support.ts';
import { createLoggedModel, type NewModel, type SetUp, type StoresUnderTest } from './support.ts';

export const describeRegistration = (setUp: SetUp): void => {
  describe('and the registry', () => {
    let stores: StoresUnderTest;
    let experimentId: ExperimentId;
    let runId: RunId;
    beforeEach(async () => {
      ({ stores, experimentId, runId } = await setUp());
    });
    const create = (model: NewModel): Promise<LoggedModel> => createLoggedModel({ stores, experimentId }, model);

    const newName = (): string => `model ${crypto.randomUUID()}`;

    test('a version made of a logged model is where the model is, of its run, and told to it', async () => {
      const { modelId, artifactLocation } = await create({ sourceRunId: runId });
      const registered = newName();
      await stores.registry.createRegisteredModel({ name: registered });
      const source = `models:/${modelId}`;
      expect(await stores.registry.createModelVersion({ name: registered, source, modelId })).toMatchObject({ version: 1, source, runId });
      await stores.registry.createModelVersion({ name: registered, source, modelId, runId: asRunId('other') });
      expect(await stores.registry.getModelVersionDownloadUri(registered, 1)).toBe(artifactLocation);
      const tag = (await stores.loggedModels.getLoggedModel(modelId)).tags.find(({ key }) => key === 'mlflow.modelVersions');
      expect(JSON.parse(tag?.value ?? '')).toEqual([
        { name: registered, version: 1 },
        { name: registered, version: 2 },
      ]);
    });

    test('the files of a run or a logged model can be registered by it alone', async () => {
      const registered = newName();
      await stores.registry.createRegisteredModel({ name: registered });
      const { modelId, artifactLocation } = await create({});
      const { artifactUri } = (await stores.tracking.getRun(runId)).info;
      const register = (source: string, owner: { readonly runId?: RunId; readonly modelId?: ModelId }) =>
        stores.registry.createModelVersion({ name: registered, source, ...owner });
      expect(await register(`${artifactUri}/model`, { runId })).toMatchObject({ source: `${artifactUri}/model`, runId });
      expect(await register(artifactLocation, { modelId })).toMatchObject({ source: artifactLocation });
      await expect(register(artifactLocation, { runId })).rejects.toMatchObject(invalid(/^Invalid model version source/));
      await expect(register(`${artifactUri}x/model`, { runId })).rejects.toMatchObject(invalid(/^Invalid model version source/));
      await expect(register(`${artifactUri}/../..`, { runId })).rejects.toMatchObject(invalid(/^Invalid model version source/));
      await expect(register(`${artifactUri}/model`, {})).rejects.toMatchObject(invalid(/^Invalid model version source/));
      await expect(register(`${artifactUri}/model`, { runId: asRunId('none') })).rejects.toMatchObject(invalid(/^Invalid model version source/));
      await expect(register(`models:/${modelId}`, {})).rejects.toMatchObject(invalid(/The model_id request parameter must identify/));
    });
  });
};
