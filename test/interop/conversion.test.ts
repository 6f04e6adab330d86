import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { convertToSqlite } from '../../extension/server/conversion.ts';
import { pythonPath } from '../support/python.ts';
import { newTempFolder } from '../support/store-database.ts';

const python = (args: readonly string[], env: Readonly<Record<string, string>> = {}): string => {
  const done = spawnSync(pythonPath(), args, { encoding: 'utf8', env: { ...process.env, ...env } });
  expect(done.status, done.stderr).toBe(0);
  return done.stdout;
};

const fill = `
import mlflow, numpy as np
from mlflow import MlflowClient
c = MlflowClient()
e = c.create_experiment("wine é", tags={"a/b": "c"})
mlflow.set_experiment(experiment_id=e)
for n in range(4):
  with mlflow.start_run(run_name=f"run {n}") as run:
    mlflow.log_params({"p": n, "deep/er": " x "}); mlflow.set_tag("t", "multi\\nline")
    for step, v in enumerate([0.1 * n, float("nan"), float("inf"), -1e-300, 5.0]): mlflow.log_metric("m", v, step=step)
    mlflow.log_input(mlflow.data.from_numpy(np.full((2, 2), n % 2), name="wine"), context="train", tags={"x": "y"})
    mlflow.log_text("hello", "notes/a.txt")
    m = mlflow.initialize_logged_model(name=f"model{n}", model_type="tree", params={"k": "v"}, tags={"q": "r"})
    mlflow.log_metric("acc", n / 4, model_id=m.model_id, step=2)
    mlflow.log_outputs(models=[mlflow.entities.LoggedModelOutput(m.model_id, 3)])
    c.finalize_logged_model(m.model_id, "READY")
c.delete_run(run.info.run_id)
gone = c.create_experiment("gone"); c.create_run(gone); c.delete_experiment(gone)
c.create_registered_model("wine", tags={"a": "b"}, description="d: '")
c.create_model_version("wine", f"models:/{m.model_id}", model_id=m.model_id, description="v"); c.create_model_version("wine", "s3://b/m")
c.set_registered_model_alias("wine", "champion", 1); c.set_model_version_tag("wine", 1, "x/y", "z"); c.delete_model_version("wine", "2")
`;

/** Rows of all tables but for ids that each conversion makes up; opening the store first brings the file to the newest revision. */
const dump = `
import json, sqlite3, sys, mlflow
from mlflow import MlflowClient
uri, path = sys.argv[1:]
mlflow.set_tracking_uri(uri)
c = MlflowClient()
c.search_experiments()
db = sqlite3.connect(path)
made_up = {"dataset_uuid", "input_uuid"}
tables = {}
for t in ["experiments", "experiment_tags", "runs", "params", "tags", "metrics", "latest_metrics", "datasets", "logged_models", "logged_model_params", "logged_model_tags", "logged_model_metrics",
          "registered_models", "registered_model_tags", "registered_model_aliases", "model_versions", "model_version_tags"]:
  names = sorted(r[1] for r in db.execute(f"pragma table_info({t})") if r[1] not in made_up)
  tables[t] = sorted(json.dumps(dict(zip(names, r))) for r in db.execute("select " + ",".join(f'"{n}"' for n in names) + f" from {t}"))
tables["dataset edges"] = sorted(map(json.dumps, db.execute("select i.destination_id, d.name, d.digest, d.experiment_id, t.name, t.value from inputs i join datasets d on d.dataset_uuid = i.source_id left join input_tags t using (input_uuid)")))
tables["model edges"] = sorted(map(json.dumps, db.execute("select source_type, source_id, destination_type, destination_id, step from inputs where source_type != 'DATASET'")))
tables["through the client"] = [[e.name, [[r.info.run_id, r.data.params, [x.dataset.name for x in r.inputs.dataset_inputs]] for r in c.search_runs([e.experiment_id])]] for e in c.search_experiments(order_by=["name"])]
print(json.dumps(tables))
`;

test('the same rows as mlflow migrate-filestore makes, in a file that mlflow opens', async () => {
  const folder = newTempFolder();
  const root = join(folder, 'mlruns');
  mkdirSync(join(folder, 'out'));
  python(['-c', fill], { MLFLOW_TRACKING_URI: `file://${root}`, MLFLOW_ALLOW_FILE_STORE: 'true' });
  const [ours, theirs] = [join(folder, 'out', 'ours.db'), join(folder, 'out', 'theirs.db')];
  const { remarks } = await convertToSqlite({ from: root, to: ours }, () => {}, new AbortController().signal);
  expect(remarks).toEqual([]);
  python(['-m', 'mlflow', 'migrate-filestore', '--source', folder, '--target', `sqlite:///${theirs}`, '--no-progress'], { MLFLOW_ALLOW_FILE_STORE: 'true' });
  const [here, there] = [ours, theirs].map(
    (path) =>
      JSON.parse(
        python(['-c', dump, `sqlite:///${path}`, path])
          .trim()
          .split('\n')
          .at(-1) ?? '',
      ) as Record<string, unknown>,
  );
  expect(here).toEqual(there);
});
