/**
 * `npm run bench:language-server`: this server and npm's yaml-language-server with the same schema, in one run, turn by turn,
 * over stdio. Prints both and the ratio, keeps them as JSON, and fails when a ratio is below its gate. `--rounds N`.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { MeasuredServer, servers, type ServerName } from './bench/language-servers.ts';
import { outputOf, run } from './programs.ts';
import { repository } from './tools.ts';

const rounds = Number(parseArgs({ options: { rounds: { type: 'string', default: '5' } } }).values.rounds);

const linesPerEntryPoint = 8;

const entryPoint = (index: number): string => `  train_${index}:
    command: python train.py --alpha {alpha} --epochs {epochs}
    parameters:
      alpha: {type: float, default: 0.5}
      epochs:
        type: float
        default: 10
    # the end
`;

/** A project of so many lines; its last entry point has an empty line, for completion. */
const projectOf = (lines: number): { readonly text: string; readonly editedLine: number; readonly emptyLine: number } => {
  const count = Math.floor((lines - 2) / linesPerEntryPoint);
  const points = Array.from({ length: count }, (_, index) => entryPoint(index)).join('');
  const text = `name: bench\nentry_points:\n${points}  last:\n    \n`;
  return { text, editedLine: 2 + Math.floor(count / 2) * linesPerEntryPoint + 1, emptyLine: 2 + count * linesPerEntryPoint + 1 };
};

type Samples = Record<ServerName, number[]>;

interface Row {
  readonly name: string;
  readonly unit: 'ms' | 'MB';
  /** How many times ours must be better. */
  readonly gate: number;
  readonly goal: number;
  readonly samples: Samples;
}

const newRow = (name: string, unit: Row['unit'], gate: number, goal: number): Row => ({
  name,
  unit,
  gate,
  goal,
  samples: { ours: [], 'yaml-language-server': [] },
});

const rows = {
  start: newRow('L1 spawn to initialize', 'ms', 3, 5),
  editSmall: newRow('L2 edit to diagnostics, 100 lines', 'ms', 8, 20),
  editLarge: newRow('L3 edit to diagnostics, 5,000 lines', 'ms', 3, 5),
  completeSmall: newRow('L4 completion, 100 lines', 'ms', 3, 5),
  completeLarge: newRow('L5 completion, 5,000 lines', 'ms', 15, 50),
  memory: newRow('L6 memory, 5,000 lines open', 'MB', 2.5, 3.5),
};

const started = async (name: ServerName): Promise<MeasuredServer> => {
  const start = performance.now();
  const server = await MeasuredServer.start(name);
  rows.start.samples[name].push(performance.now() - start);
  return server;
};

const megabytesOf = (pid: number | undefined): number => Number(outputOf('ps', ['-o', 'rss=', '-p', String(pid)])?.trim()) / 1024;

const repeat = async (times: number, samples: number[], measure: () => Promise<number>): Promise<void> => {
  await measure();
  for (let count = 0; count < times; count += 1) samples.push(await measure());
};

const measureSize = async (lines: number, edits: Row, completions: Row): Promise<void> => {
  const { text, editedLine, emptyLine } = projectOf(lines);
  for (const name of servers) {
    const server = await started(name);
    await server.open(text, editedLine);
    await repeat(10, edits.samples[name], async () => server.edit());
    await repeat(60, completions.samples[name], async () => server.complete(emptyLine));
    if (lines >= 5000) rows.memory.samples[name].push(megabytesOf(server.client.process.pid));
    await server.stop();
  }
};

const percentile = (values: readonly number[], share: number): number => values.toSorted((a, b) => a - b)[Math.ceil(share * values.length) - 1] ?? Number.NaN;
const round = (value: number): number => Math.round(value * 100) / 100;

const figureOf = ({ name, unit, gate, goal, samples }: Row) => {
  const [ours, theirs] = servers.map((server) => percentile(samples[server], 0.5));
  const ratio = (theirs ?? Number.NaN) / (ours ?? Number.NaN);
  return {
    name,
    unit,
    count: samples.ours.length,
    ours: round(ours ?? Number.NaN),
    'ours p95': round(percentile(samples.ours, 0.95)),
    'yaml-language-server': round(theirs ?? Number.NaN),
    'its p95': round(percentile(samples['yaml-language-server'], 0.95)),
    ratio: round(ratio),
    gate,
    goal,
    holds: ratio >= gate,
  };
};

await run('node', ['scripts/build.ts', '--production'], { cwd: repository });
for (let count = 0; count < rounds; count += 1) {
  await measureSize(100, rows.editSmall, rows.completeSmall);
  await measureSize(5000, rows.editLarge, rows.completeLarge);
}
const figures = Object.values(rows).map(figureOf);
console.table(figures);
const folder = join(repository, 'test-results');
await mkdir(folder, { recursive: true });
const peer = 'yaml-language-server validates any JSON schema and waits 200 ms after an edit; this server knows four kinds of file.';
await writeFile(
  join(folder, 'bench-language-server.json'),
  `${JSON.stringify({ benchmark: 'language-server', node: process.versions.node, note: peer, figures }, undefined, 2)}\n`,
);
if (figures.some(({ holds }) => !holds)) process.exitCode = 1;
