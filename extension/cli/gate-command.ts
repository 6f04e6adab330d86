import { dirname, join, resolve } from 'node:path';
import { Command } from 'commander';

import { openStoreClient } from '../projects/run-store.ts';
import { findChampion, parseAgainst } from '../registry/champion.ts';
import { evaluateGates, hasPassed, type GateResult } from '../registry/gate-evaluation.ts';
import { FaultyGates, gateFilePath, readGateFile } from '../registry/gate-file.ts';
import { parseModelUri } from '../registry/model-uri.ts';
import { createRestRegistryStore } from '../registry/rest-registry-store.ts';
import { readSnapshot } from '../registry/version-snapshot.ts';
import type { FilesOf } from '../registry/version-files.ts';
import { stderrLogger } from '../server/stderr-logger.ts';
import { errorMessage, MlflowError } from '../shared/errors.ts';
import type { HttpClient } from '../shared/http.ts';
import { createRestArtifactRepository } from '../artifacts/rest-artifact-repository.ts';
import { createRestTrackingStore } from '../tracking/rest-tracking-store.ts';
import { readStoreAddress } from '../tracking/store-address.ts';

interface GateOptions {
  readonly against: string;
  readonly gates: string;
  readonly json: boolean;
}

/** 0 passed, 1 not passed, 2 wrong usage or a faulty gate file, 3 no answer: a store or version that cannot be read. */
const exitCodes = { passed: 0, failed: 1, usage: 2, unknown: 3 } as const;

export const gateCommand = (): Command =>
  new Command('gate')
    .description('Checks a version of a registered model by the gate file, as *Promote…* does; exits with 0 when it passes, 1 when it does not')
    .argument('<model>', 'models:/name/3 or models:/name@alias')
    .requiredOption('--against <champion>', 'an alias, a stage, or the number of a version')
    .option('--gates <file>', 'the gate file', gateFilePath)
    .option('--json', 'print the checks as JSON', false)
    .exitOverride()
    .action(run);

const run = async (model: string, options: GateOptions): Promise<void> => {
  try {
    const results = await check(model, options);
    process.stdout.write(options.json ? `${JSON.stringify({ passed: hasPassed(results), checks: results }, null, 2)}\n` : textOf(results));
    process.exitCode = hasPassed(results) ? exitCodes.passed : exitCodes.failed;
  } catch (error) {
    process.stderr.write(`mlflow-workbench: ${errorMessage(error)}\n`);
    process.exitCode = error instanceof FaultyGates || error instanceof WrongUsage ? exitCodes.usage : exitCodes.unknown;
  }
};

class WrongUsage extends Error {}

const textOf = (results: readonly GateResult[]): string =>
  results.map(({ check: name, passed, detail }) => `${passed ? 'pass' : 'FAIL'}  ${name}: ${detail}\n`).join('');

const check = async (model: string, { against, gates: file }: GateOptions): Promise<readonly GateResult[]> => {
  const uri = readUri(model);
  const gates = await readGateFile(resolve(file), uri.name);
  if (gates.length === 0) throw new WrongUsage(`${file} has no gate for the model ${uri.name}`);
  const { MLFLOW_REGISTRY_URI: registryUri, MLFLOW_TRACKING_URI: trackingUri } = process.env;
  const address = readStoreAddress([registryUri, trackingUri].find(isGiven) ?? 'mlflow.db', process.cwd());
  const opened = await openStoreClient({ serverScript: join(dirname(process.argv[1] ?? ''), 'server.cjs'), log: stderrLogger('warn') }, address);
  try {
    return await checkIn(storeOf(opened.http), uri, { against, gates });
  } finally {
    opened.dispose();
  }
};

/** An empty variable counts as none. */
const isGiven = (text: string | undefined): text is string => text !== undefined && text !== '';

const storeOf = (http: HttpClient): FilesOf => ({
  http,
  tracking: createRestTrackingStore(http),
  artifacts: createRestArtifactRepository(http),
  registry: createRestRegistryStore(http),
});

type Candidate = Extract<ReturnType<typeof parseModelUri>, { readonly kind: 'version' | 'alias' }>;

const readUri = (text: string): Candidate => {
  const uri = parse(text);
  if (uri?.kind === 'version' || uri?.kind === 'alias') return uri;
  throw new WrongUsage(`'${text}' names no version: write models:/name/3 or models:/name@alias`);
};

const parse = (text: string): ReturnType<typeof parseModelUri> | undefined => {
  try {
    return parseModelUri(text);
  } catch (error) {
    if (error instanceof MlflowError) return undefined;
    throw error;
  }
};

interface GateQuestion {
  readonly against: string;
  readonly gates: Parameters<typeof evaluateGates>[0];
}

const checkIn = async (store: FilesOf, uri: Candidate, { against, gates }: GateQuestion): Promise<readonly GateResult[]> => {
  const { name } = uri;
  const version = uri.kind === 'version' ? uri.version : (await store.registry.getModelVersionByAlias(name, uri.alias)).version;
  const champion = await findChampion(store.registry, name, parseAgainst(against));
  const [candidate, earlier] = await Promise.all([
    readSnapshot(store, { name, version }),
    champion === undefined ? undefined : readSnapshot(store, { name, version: champion }),
  ]);
  return evaluateGates(gates, candidate, earlier);
};
