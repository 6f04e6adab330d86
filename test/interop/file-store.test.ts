import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import { asExperimentId, asModelId, asRunId } from '../../schemas/ids.ts';
import { readYamlFields } from '../../schemas/yaml-value.ts';
import { writeYamlFields } from '../../schemas/yaml-writer.ts';
import { fileStoresOf, newFileStores, type FileStores } from '../support/file-store.ts';
import { pythonPath } from '../support/python.ts';
import { newTempFolder } from '../support/store-database.ts';

/** Runs Python's mlflow on the folder, with its opt-in; what it prints is JSON. */
const python = (root: string, script: string, input: unknown = null): unknown => {
  const head = 'import json, sys, mlflow\nfrom mlflow import MlflowClient\nfrom mlflow.entities import *\nc = MlflowClient()\ngiven = json.load(sys.stdin)\n';
  const env = { ...process.env, MLFLOW_TRACKING_URI: `file://${root}`, MLFLOW_ALLOW_FILE_STORE: 'true' };
  const done = spawnSync(pythonPath(), ['-c', head + script], { input: JSON.stringify(input), encoding: 'utf8', env });
  expect(done.status, done.stderr).toBe(0);
  return JSON.parse(done.stdout.trim().split('\n').at(-1) ?? 'null');
};

const describeRun = `
def tell(run):
  d = run.data
  i = run.info
  return {"name": i.run_name, "status": i.status, "experiment": i.experiment_id, "start": i.start_time, "end": i.end_time, "stage": i.lifecycle_stage,
    "user": i.user_id, "artifacts": i.artifact_uri, "params": d.params, "tags": {k: v for k, v in d.tags.items() if k != "mlflow.user"},
    "metrics": {m.key: [repr(m.value), m.timestamp, m.step] for m in d._metric_objs},
    "datasets": [[x.dataset.name, x.dataset.digest, x.dataset.source, x.dataset.schema, {t.key: t.value for t in x.tags}] for x in run.inputs.dataset_inputs],
    "outputs": [[x.model_id, x.step] for x in run.outputs.model_outputs]}
`;

const dataset = { name: 'wine', digest: 'd1', sourceType: 'local', source: '{"uri":"x: y"}', schema: '{"a": 1}' };

/** The same things, logged by us. */
const logWithOurs = async ({ tracking, loggedModels, registry }: FileStores) => {
  const experimentId = await tracking.createExperiment({ name: "ours: é's #1", tags: [{ key: 'team/a', value: 'x\ny ' }] });
  const { runId } = (await tracking.createRun({ experimentId, runName: 'first', userId: 'ada', startTime: 42, tags: [{ key: 'note', value: 'ü\n#' }] })).info;
  await tracking.logBatch({
    runId,
    params: [
      { key: 'p', value: ' 0.10 ' },
      { key: 'deep/er', value: '' },
    ],
    metrics: [NaN, Infinity, -Infinity, 1e-7, 1e22, 5e-324, -0, 3].map((value, step) => ({ key: `m/${step}`, value, timestamp: 1000 + step, step })),
  });
  await tracking.logInputs(runId, [{ dataset, tags: [{ key: 'mlflow.data.context', value: 'train' }] }]);
  const { modelId } = await loggedModels.createLoggedModel({
    experimentId,
    name: 'model',
    modelType: 'tree',
    sourceRunId: runId,
    params: [{ key: 'k', value: 'v' }],
    tags: [{ key: 't', value: '1' }],
  });
  await tracking.logOutputs(runId, [{ modelId, step: 3 }]);
  await tracking.logMetric(runId, { key: 'acc', value: 0.5, timestamp: 5, step: 1, modelId, datasetName: 'wine', datasetDigest: 'd1' });
  await loggedModels.finalizeLoggedModel(modelId, 'READY');
  await tracking.updateRun({ runId, status: 'FINISHED', endTime: 99 });
  await registry.createRegisteredModel({ name: 'wine é', description: 'long '.repeat(40), tags: [{ key: 'a/b', value: 'c' }] });
  await registry.createModelVersion({ name: 'wine é', source: `models:/${modelId}`, modelId, description: 'first', tags: [{ key: 'q', value: 'r' }] });
  await registry.setRegisteredModelAlias('wine é', 'champion', 1);
  return { experimentId, runId, modelId };
};

describe('files that we write', () => {
  test('are read by mlflow', async () => {
    const stores = newFileStores();
    const { experimentId, runId, modelId } = await logWithOurs(stores);
    const told = python(
      stores.root,
      `${describeRun}
e = c.get_experiment(given["experiment"]); m = c.get_logged_model(given["model"]); v = c.get_model_version_by_alias("wine é", "champion"); r = c.get_registered_model("wine é")
found = c.search_runs([e.experiment_id], "params.p = ' 0.10 ' and metrics.\`m/7\` > 2 and tags.note like 'ü%'")
print(json.dumps({"experiment": [e.name, e.tags, e.artifact_location, e.lifecycle_stage], "run": tell(c.get_run(given["run"])), "found": [x.info.run_id for x in found],
  "model": [m.name, str(m.status), m.model_type, m.source_run_id, m.params, {k: t for k, t in m.tags.items() if not k.startswith("mlflow.")}, [[x.key, x.value, x.step, x.run_id, x.dataset_name] for x in m.metrics]],
  "version": [v.version, v.source, v.run_id, v.description, v.tags, v.aliases, v.current_stage, v.status], "registered": [r.description, r.tags, r.aliases]}))`,
      { experiment: experimentId, run: runId, model: modelId },
    );
    expect(told).toEqual({
      experiment: ["ours: é's #1", { 'team/a': 'x\ny ' }, `file://${stores.root}/${experimentId}`, 'active'],
      run: {
        name: 'first',
        status: 'FINISHED',
        experiment: experimentId,
        start: 42,
        end: 99,
        stage: 'active',
        user: 'ada',
        artifacts: `file://${stores.root}/${experimentId}/${runId}/artifacts`,
        params: { p: ' 0.10 ', 'deep/er': '' },
        tags: { note: 'ü\n#', 'mlflow.runName': 'first' },
        metrics: {
          ...Object.fromEntries(
            ['nan', 'inf', '-inf', '1e-07', '1e+22', '5e-324', '-0.0', '3.0'].map((value, step) => [`m/${step}`, [value, 1000 + step, step]]),
          ),
          // MLflow does not read the step of a line that names a dataset.
          acc: ['0.5', 5, 0],
        },
        datasets: [['wine', 'd1', '{"uri":"x: y"}', '{"a": 1}', { 'mlflow.data.context': 'train' }]],
        outputs: [[modelId, 3]],
      },
      found: [runId],
      model: ['model', 'READY', 'tree', runId, { k: 'v' }, { t: '1' }, [['acc', 0.5, 1, runId, 'wine']]],
      version: [1, `models:/${modelId}`, runId, 'first', { q: 'r' }, ['champion'], 'None', 'READY'],
      registered: ['long '.repeat(40), { 'a/b': 'c' }, { champion: '1' }],
    });
  });

  test('are changed, deleted and restored by mlflow, and what it does is seen', async () => {
    const stores = newFileStores();
    const { experimentId, runId, modelId } = await logWithOurs(stores);
    await stores.tracking.searchRuns({ experimentIds: [experimentId], maxResults: 10 });
    python(
      stores.root,
      `r = given["run"]; c.set_tag(r, "note", "theirs"); c.log_metric(r, "m/7", 9.5, 2000, 9); c.log_param(r, "q", "2"); c.update_run(r, name="renamed")
c.set_experiment_tag(given["experiment"], "b", "c"); c.rename_experiment(given["experiment"], "theirs")
c.set_logged_model_tags(given["model"], {"t": "2"}); c.transition_model_version_stage("wine é", "1", "Production"); c.delete_registered_model_alias("wine é", "champion")
c.create_model_version("wine é", "s3://x/y"); print("null")`,
      { experiment: experimentId, run: runId, model: modelId },
    );
    const { items } = await stores.tracking.searchRuns({
      experimentIds: [experimentId],
      filter: "tags.note = 'theirs' AND metrics.`m/7` = 9.5",
      maxResults: 10,
    });
    expect(items.map(({ info }) => info)).toMatchObject([{ runId, runName: 'renamed', status: 'FINISHED', endTime: 99 }]);
    expect(items[0]?.params).toContainEqual({ key: 'q', value: '2' });
    expect(await stores.tracking.getExperiment(experimentId)).toMatchObject({ name: 'theirs', tags: [{ key: 'b' }, { key: 'team/a' }] });
    expect((await stores.loggedModels.getLoggedModel(modelId)).tags).toContainEqual({ key: 't', value: '2' });
    expect((await stores.registry.searchModelVersions({ filter: "name = 'wine é'", maxResults: 5 })).items).toMatchObject([
      { version: 2, source: 's3://x/y', currentStage: 'None' },
      { version: 1, currentStage: 'Production' },
    ]);
    python(stores.root, 'c.delete_run(given["run"]); c.delete_experiment(given["experiment"]); print("null")', { experiment: experimentId, run: runId });
    expect((await stores.tracking.getRun(runId)).info.lifecycleStage).toBe('deleted');
    await stores.tracking.restoreExperiment(experimentId);
    expect(
      python(stores.root, 'print(json.dumps([c.get_experiment(given["experiment"]).lifecycle_stage, c.get_run(given["run"]).info.lifecycle_stage]))', {
        experiment: experimentId,
        run: runId,
      }),
    ).toEqual(['active', 'active']);
  });

  test('meta.yaml is, letter for letter, what PyYAML writes, and says the same to both', () => {
    const pieces = [
      'a',
      'é',
      '😀',
      ' ',
      '  ',
      "'",
      '"',
      ':',
      ': ',
      '#',
      ' #',
      '-',
      '- ',
      '?',
      '\n',
      '\n\n',
      '\t',
      '\\',
      '0',
      '1e3',
      '.',
      'yes',
      'null',
      '~',
      '[',
      '{',
      '%',
      '@',
      '`',
      '\u0000',
      '\ufeff',
      '2024-01-01',
      'lorem ipsum dolor ',
    ];
    let seed = 7;
    const next = (count: number): number => (seed = (seed * 48_271) % 2_147_483_647) % count;
    const texts = Array.from({ length: 3000 }, () =>
      Array.from({ length: next(9) + (next(10) === 0 ? 20 : 0) }, () => pieces[next(pieces.length)] ?? '').join(''),
    );
    const documents = texts.map((text, count) => ({ count, name: text, tags: { [`k${count}`]: text }, list: [text] }));
    const told = python(
      newTempFolder(),
      'import yaml\nprint(json.dumps([[yaml.safe_dump(f, default_flow_style=False, allow_unicode=True) == t, yaml.safe_load(t) == f] for f, t in given]))',
      documents.map((fields) => [fields, writeYamlFields(fields)]),
    );
    expect(told).toEqual(documents.map(() => [true, true]));
    for (const fields of documents) expect(readYamlFields(writeYamlFields(fields))).toEqual({ fields });
  });
});

describe('files that mlflow writes', () => {
  test('are read by us, as mlflow reads them', async () => {
    const root = join(newTempFolder(), 'mlruns');
    mkdirSync(join(root, '..'), { recursive: true });
    const told = python(
      root,
      `${describeRun}
e = c.create_experiment("theirs: x # é", tags={"a/b": "c"})
mlflow.set_experiment(experiment_id=e)
ids = []
for n in range(3):
  with mlflow.start_run(run_name=f"run {n}: é", description="d\\n") as run:
    mlflow.log_params({"p": n, "deep/er": " x "}); mlflow.set_tag("t", "multi\\nline")
    for step, v in enumerate([0.1, float("nan"), float("inf"), 1e-9 * n]): mlflow.log_metric("m", v, step=step)
    mlflow.log_metric("a/b", n)
    import numpy as np
    mlflow.log_input(mlflow.data.from_numpy(np.zeros((2, 2)), name="wine"), context="train", tags={"x": "y"})
    m = mlflow.initialize_logged_model(name=f"model{n}", model_type="tree", params={"k": "v"}, tags={"q": "r"})
    mlflow.log_metric("acc", n / 4, model_id=m.model_id, step=2)
    ids.append(run.info.run_id)
c.set_terminated(ids[1], "FAILED"); c.delete_run(ids[2])
gone = c.create_experiment("gone"); g = c.create_run(gone); c.delete_experiment(gone)
c.create_registered_model("wine", tags={"a": "b"}, description="d: '"); c.create_model_version("wine", "s3://b/m", description="v"); c.set_registered_model_alias("wine", "champion", 1); c.set_model_version_tag("wine", 1, "x/y", "z")
models = c.search_logged_models([e], filter_string="metrics.acc > 0.2", order_by=[{"field_name": "name"}])
print(json.dumps({"experiment": e, "gone": gone, "goneRun": g.info.run_id, "runs": {i: tell(c.get_run(i)) for i in ids},
  "order": [r.info.run_name for r in c.search_runs([e], order_by=["metrics.\`a/b\` DESC"])], "filtered": [r.info.run_name for r in c.search_runs([e], "dataset.name = 'wine' and params.p != '1'")],
  "models": [[m.model_id, m.name, m.tags["q"], m.params] for m in models]}))`,
    ) as {
      experiment: string;
      gone: string;
      goneRun: string;
      runs: Record<string, Record<string, unknown>>;
      order: string[];
      filtered: string[];
      models: [string, string, string, object][];
    };
    const { tracking, loggedModels, registry } = fileStoresOf(root);
    const experimentId = asExperimentId(told.experiment);
    expect(told.experiment).toMatch(/^\d{18}$/);
    expect(await tracking.getExperiment(experimentId)).toMatchObject({ name: 'theirs: x # é', tags: [{ key: 'a/b', value: 'c' }] });
    for (const [runId, expected] of Object.entries(told.runs)) {
      const { info, params, tags, datasetInputs, latestMetrics } = await tracking.getRun(asRunId(runId));
      const pairs = (list: readonly { readonly key: string; readonly value: string }[]) => Object.fromEntries(list.map(({ key, value }) => [key, value]));
      const { 'mlflow.user': _user, ...told } = pairs(tags);
      expect({
        name: info.runName,
        status: info.status,
        experiment: info.experimentId,
        start: info.startTime,
        end: info.endTime,
        stage: info.lifecycleStage,
        user: info.userId,
        artifacts: info.artifactUri,
        params: pairs(params),
        tags: told,
        datasets: datasetInputs.map((input) => [input.dataset.name, input.dataset.digest, input.dataset.source, input.dataset.schema, pairs(input.tags)]),
      }).toMatchObject(Object.fromEntries(Object.entries(expected).filter(([key]) => key !== 'metrics' && key !== 'outputs')));
      expect(latestMetrics.map(({ key, timestamp, step }) => [key, timestamp, step]).toSorted()).toEqual(
        Object.entries(expected['metrics'] as Record<string, [string, number, number]>)
          .map(([key, [, timestamp, step]]) => [key, timestamp, step])
          .toSorted(),
      );
    }
    const names = async (search: { readonly filter?: string; readonly orderBy?: readonly string[] }) =>
      (await tracking.searchRuns({ experimentIds: [experimentId], maxResults: 10, ...search })).items.map(({ info }) => info.runName);
    expect(await names({ orderBy: ['metrics.`a/b` DESC'] })).toEqual(told.order);
    expect(await names({ filter: "dataset.name = 'wine' and params.p != '1'" })).toEqual(told.filtered);
    expect((await tracking.getExperiment(asExperimentId(told.gone))).lifecycleStage).toBe('deleted');
    expect((await tracking.getRun(asRunId(told.goneRun))).info.lifecycleStage).toBe('deleted');
    const models = await loggedModels.searchLoggedModels({
      experimentIds: [experimentId],
      filter: 'metrics.acc > 0.2',
      orderBy: [{ fieldName: 'name' }],
      maxResults: 9,
    });
    expect(models.items.map(({ modelId, name }) => [modelId, name])).toEqual(told.models.map(([modelId, name]) => [asModelId(modelId), name]));
    expect(await registry.getModelVersionByAlias('wine', 'champion')).toMatchObject({
      version: 1,
      source: 's3://b/m',
      description: 'v',
      tags: [{ key: 'x/y', value: 'z' }],
    });
    expect(await registry.getRegisteredModel('wine')).toMatchObject({
      description: "d: '",
      tags: [{ key: 'a', value: 'b' }],
      aliases: [{ alias: 'champion', version: 1 }],
    });
  });
});

const describeModels = `
def models():
  return {m.name: [m.description, m.tags, m.aliases, [[v.version, v.current_stage, v.description, v.tags, v.aliases, v.name, v.source] for v in sorted(c.search_model_versions(f"name = '{m.name}'"), key=lambda v: v.version)]] for m in c.search_registered_models()}
`;

/** The same of ours. */
const modelsOf = async ({ registry }: FileStores): Promise<unknown> => {
  const { items } = await registry.searchRegisteredModels({ maxResults: 100 });
  const pairs = (tags: readonly { readonly key: string; readonly value: string }[]) => Object.fromEntries(tags.map(({ key, value }) => [key, value]));
  const described = items.map(async ({ name, description, tags, aliases }) => {
    const versions = await registry.searchModelVersions({ filter: `name = '${name}'`, orderBy: ['version_number ASC'], maxResults: 100 });
    const each = versions.items.map(async ({ version }) => registry.getModelVersion(name, version));
    const rows = (await Promise.all(each)).map((one) => [
      one.version,
      one.currentStage,
      one.description ?? null,
      pairs(one.tags),
      one.aliases,
      one.name,
      one.source,
    ]);
    return [name, [description ?? null, pairs(tags), Object.fromEntries(aliases.map(({ alias, version }) => [alias, String(version)])), rows]] as const;
  });
  return Object.fromEntries(await Promise.all(described));
};

test('the registry of one folder is changed by us and by mlflow in turns, and either reads what the other did', async () => {
  const stores = newFileStores();
  const { registry } = stores;
  const theirs = (script: string): unknown => python(stores.root, `${describeModels}${script}\nprint(json.dumps(models()))`);
  for (const name of ['wine', 'beer', 'gone']) await registry.createRegisteredModel({ name, description: `${name}: #1`, tags: [{ key: 'old', value: 'x' }] });
  for (let version = 1; version <= 4; version += 1)
    await registry.createModelVersion({ name: 'wine', source: `s3://b/${version}`, tags: [{ key: 'q', value: 'r' }] });
  await registry.setRegisteredModelAlias('wine', 'champion', 1);
  await registry.setRegisteredModelAlias('wine', 'champion', 2);
  await registry.setRegisteredModelAlias('wine', 'old', 3);
  await registry.deleteRegisteredModelAlias('wine', 'old');
  await registry.transitionModelVersionStage({ name: 'wine', version: 1, stage: 'Production' });
  await registry.transitionModelVersionStage({ name: 'wine', version: 2, stage: 'Production', archiveExistingVersions: true });
  await registry.setModelVersionTag('wine', 1, { key: 'a/b', value: 'ü\n' });
  await registry.deleteModelVersionTag('wine', 2, 'q');
  await registry.setRegisteredModelTag('wine', { key: 'team', value: 'red' });
  await registry.deleteRegisteredModelTag('wine', 'old');
  await registry.updateRegisteredModel('wine', 'new');
  await registry.updateModelVersion('wine', 2, 'second');
  await registry.deleteModelVersion('wine', 4);
  await registry.renameRegisteredModel('beer', 'ale');
  await registry.deleteRegisteredModel('gone');
  const ours = {
    ale: ['beer: #1', { old: 'x' }, {}, []],
    wine: [
      'new',
      { team: 'red' },
      { champion: '2' },
      [
        [1, 'Archived', '', { q: 'r', 'a/b': 'ü\n' }, [], 'wine', 's3://b/1'],
        [2, 'Production', 'second', {}, ['champion'], 'wine', 's3://b/2'],
        [3, 'None', '', { q: 'r' }, [], 'wine', 's3://b/3'],
      ],
    ],
  };
  expect(await modelsOf(stores)).toEqual(ours);
  expect(theirs('')).toEqual(ours);
  const told =
    theirs(`c.create_registered_model("port"); c.create_model_version("port", "s3://p"); c.rename_registered_model("port", "ports"); c.create_model_version("wine", "s3://b/5", description="fifth", tags={"k": "v"}); c.delete_model_version("wine", "3")
c.set_registered_model_alias("wine", "champion", "1"); c.set_registered_model_alias("wine", "fifth", "5"); c.transition_model_version_stage("wine", "5", "Production", archive_existing_versions=True)
c.set_model_version_tag("wine", "2", "new", "x: y"); c.delete_model_version_tag("wine", "1", "a/b"); c.set_registered_model_tag("wine", "team", "blue"); c.delete_registered_model_tag("ale", "old")
c.update_registered_model("wine", description="theirs"); c.update_model_version("wine", "1", description="first"); c.delete_registered_model("ale")`);
  expect(told).toEqual({
    ports: [null, {}, {}, [[1, 'None', null, {}, [], 'ports', 's3://p']]],
    wine: ['theirs', { team: 'blue' }, { champion: '1', fifth: '5' }, expect.anything()],
  });
  expect(await modelsOf(stores)).toEqual(told);
  // And on from there.
  await registry.setRegisteredModelAlias('wine', 'fifth', 2);
  await registry.createModelVersion({ name: 'ports', source: 's3://b/6' });
  expect(theirs('')).toEqual(await modelsOf(stores));
});

test('both write to one run at the same time: every point is there', async () => {
  const stores = newFileStores();
  const { runId } = (await stores.tracking.createRun({ experimentId: asExperimentId('0'), startTime: 1, tags: [] })).info;
  const theirs = new Promise<void>((resolve) => {
    setImmediate(() => {
      python(stores.root, 'for n in range(200): c.log_metric(given, "m", n, n, n)\nprint("null")', runId);
      resolve();
    });
  });
  for (let step = 1000; step < 1200; step += 1) await stores.tracking.logMetric(runId, { key: 'm', value: step, timestamp: step, step });
  await theirs;
  expect((await stores.tracking.getMetricHistory({ runId, key: 'm' })).items).toHaveLength(400);
  expect(readFileSync(join(stores.root, '0', runId, 'metrics', 'm'), 'utf8').split('\n')).toHaveLength(401);
  expect(readdirSync(join(stores.root, '0', runId)).toSorted()).toEqual(['artifacts', 'meta.yaml', 'metrics', 'params', 'tags']);
});
