import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Frame, Page } from 'playwright-core';

import { start } from '../../extension/shared/process.ts';
import { watchSteps } from './compare-page.ts';

interface Growth {
  readonly path: string;
  /** Those that grow, of whichever are shown. */
  readonly runs: number;
  /** The first step that none of them has. */
  readonly first: number;
  readonly ticks: number;
}

export interface Live {
  /** ms from the log call of each step to its first frame on screen. */
  readonly latencies: readonly number[];
  /** ms between two updates. */
  readonly interval: number;
}

/** Runs grow ten times a second, logged by a process of their own, while the page is looked at. */
export const watchLive = async (page: Page | Frame, { path, runs, first, ticks }: Growth): Promise<Live> => {
  const sightings = watchSteps(page, first + ticks - 1);
  const script = join(import.meta.dirname, 'compare-writer.ts');
  const writer = await start(
    { file: process.execPath, args: [script, path, String(runs), String(first), String(ticks)] },
    { streams: ['ignore', 'pipe', 'inherit'] },
  );
  const started = new Map<number, number>();
  if (writer.stdout !== null) for await (const line of createInterface({ input: writer.stdout })) note(started, line);
  const seen = (await sightings).filter(({ step }) => step >= first);
  const latencies = [...started].map(([step, at]) => (seen.find((sighting) => sighting.step >= step)?.at ?? Number.POSITIVE_INFINITY) - at);
  return { latencies, interval: ((seen.at(-1)?.at ?? 0) - (seen[0]?.at ?? 0)) / (seen.length - 1) };
};

const note = (started: Map<number, number>, line: string): void => {
  const { step, started: at } = JSON.parse(line) as { step: number; started: number };
  started.set(step, at);
};
