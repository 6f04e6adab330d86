/**
 * `npm run fuzz -- --minutes 10`: the language server's verbs on broken files until the time is over or something does not
 * hold; prints the smallest case that was found and the seed that leads to it (`--seed N`).
 */
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import fc from 'fast-check';

import { diagnose } from '../language-server/verbs/diagnostics.ts';
import { check, fuzzCase, hundredLinesOf, type FuzzCase } from '../test/language-server/fuzz/fuzz.ts';
import { documentOf, workspaceOf } from '../test/language-server/support.ts';

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '1' }, seed: { type: 'string' } } });
const minutes = Number(values.minutes);
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);

/** ms of the processor to diagnose a file of about 100 lines, of which 99 in 100 must stay below the limit; a busy machine takes longer by the clock. */
const limit = 50;
const times: number[] = [];
const processorTimes: number[] = [];

const deadline = performance.now() + minutes * 60_000;

/** Time to make a case smaller that was found last. */
const grace = 60_000;

const checkAndTime = async (found: FuzzCase): Promise<void> => {
  if (performance.now() > deadline + grace) return;
  await check(found);
  const document = documentOf(hundredLinesOf(found));
  const [start, processor] = [performance.now(), process.cpuUsage()];
  await diagnose(document, workspaceOf());
  times.push(performance.now() - start);
  const { user, system } = process.cpuUsage(processor);
  processorTimes.push((user + system) / 1_000);
};

const percentile = (all: readonly number[], part: number): number => all.toSorted((a, b) => a - b)[Math.floor(all.length * part)] ?? 0;

const told = (all: readonly number[]): string =>
  `median ${percentile(all, 0.5).toFixed(1)} ms, p99 ${percentile(all, 0.99).toFixed(1)} ms, slowest ${percentile(all, 0.9999).toFixed(1)} ms`;

console.log(`Seed ${seed}, ${minutes} min`);
const details = await fc.check(fc.asyncProperty(fuzzCase, checkAndTime), { seed, numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit: minutes * 60_000 });
console.log(`${details.numRuns} cases of 100 lines. Processor: ${told(processorTimes)}. Clock: ${told(times)}`);
if (details.failed && details.counterexample !== null) console.log(await fc.asyncDefaultReportMessage(details));
process.exitCode = (details.failed && details.counterexample !== null) || percentile(processorTimes, 0.99) > limit ? 1 : 0;
