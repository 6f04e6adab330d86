/**
 * `npm run bench:models`: what we add to a model. Its page, from the server's last word to what is drawn; *Serve*, from the click to ready, beyond
 * what the server's own program takes; and a request of *Try it*, beyond what the server takes. How long Python itself needs to serve a model is told
 * beside them. `--rounds N`.
 */
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { launchBrowser } from '../test/support/workbench.ts';
import { reportFigures } from './bench/figures.ts';
import { measureModelPage } from './bench/shown-model.ts';
import { measureOwnServing, measureServing } from './bench/serving.ts';
import { runQuietly } from './programs.ts';
import { pythonEnvironment, pythonOf, repository } from './tools.ts';

const pageLimit = 150;
const servingLimit = 200;
const tryItLimit = 5;
/** No gate of its own: it is told, to be judged beside the others. */
const told = Number.MAX_SAFE_INTEGER;

/** Answers as soon as it runs, whatever it is asked. */
const standIn = `#!${process.execPath}
const port = Number(process.argv[process.argv.indexOf('--port') + 1]);
require('node:http').createServer((request, reply) => request.resume().on('end', () => reply.end('{"predictions": [1]}'))).listen(port, '127.0.0.1');
`;

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '20' } } });
const rounds = Number(values.rounds);
const folder = await mkdtemp(join(tmpdir(), 'mlflow-workbench-bench-'));
const browser = await launchBrowser();
try {
  await runQuietly(process.execPath, [join(repository, 'scripts', 'build.ts')], { cwd: repository });
  const python = pythonOf(await pythonEnvironment());
  await runQuietly(python, [join(repository, 'test', 'support', 'train_models.py'), folder]);
  await mkdir(join(folder, 'bin'));
  const program = join(folder, 'bin', 'python');
  await writeFile(program, standIn);
  await chmod(program, 0o755);
  const model = join(folder, 'regression');
  const real = await measureServing(python, model, { folder, rounds });
  await reportFigures('models', [
    { name: 'page of a model, after the server has answered', unit: 'ms', values: await measureModelPage(browser, model, rounds), limit: pageLimit },
    { name: 'from the click to ready, what is ours', unit: 'ms', values: await measureOwnServing(program, folder, rounds), limit: servingLimit },
    { name: 'a request of Try it, what is ours', unit: 'ms', values: real.requests, limit: tryItLimit },
    { name: 'from the click to the first prediction of a real model', unit: 'ms', values: [real.firstPrediction], limit: told },
  ]);
} finally {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
}
