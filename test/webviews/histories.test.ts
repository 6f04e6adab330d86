import { effect } from '@preact/signals';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { bucketsFor, likelyDetail } from '../../schemas/compare-detail.ts';
import { planBatches, type HistoryQuery } from '../../webviews/compare/histories/plan.ts';
import { HistorySource, type RequestHistories } from '../../webviews/compare/histories/source.ts';
import { readHistories } from '../../webviews/shared/histories.ts';
import { encodeHistories } from '../support/encode-histories.ts';

const query: HistoryQuery = { key: 'loss', buckets: 100 };
const points = (...values: readonly number[]) => ({
  steps: Float64Array.from(values, (_, at) => at),
  timestamps: Float64Array.from(values, (_, at) => at * 1000),
  values: Float64Array.from(values),
});

describe('The binary layout', () => {
  test('is read without a copy, whatever the length of the names', () => {
    for (const runId of ['a', 'ab', 'äöü', 'x'.repeat(250)]) {
      const buffer = encodeHistories([{ runId, key: 'k', total: 9, ...points(1, Number.NaN, Number.POSITIVE_INFINITY) }]);
      const [series] = readHistories(buffer);
      expect(series).toMatchObject({ runId, key: 'k', total: 9 });
      expect([...(series?.values ?? [])]).toEqual([1, Number.NaN, Number.POSITIVE_INFINITY]);
      expect(series?.values.buffer).toBe(buffer);
    }
  });

  test('that is cut short is refused', () => {
    const buffer = encodeHistories([{ runId: 'a', key: 'k', total: 2, ...points(1, 2) }]);
    expect(() => readHistories(buffer.slice(0, buffer.byteLength - 8))).toThrow();
    expect(() => readHistories(new ArrayBuffer(2))).toThrow();
  });
});

describe('Planning requests', () => {
  test('charts of the same runs and detail share one', () => {
    const needs = ['loss', 'accuracy'].map((key) => ({ owner: key, query: { key, buckets: 100 }, runIds: ['a', 'b'] }));
    expect(planBatches(needs)).toEqual([{ owners: ['loss', 'accuracy'], keys: ['loss', 'accuracy'], runIds: ['a', 'b'], buckets: 100, isTail: false }]);
  });

  test('a zoomed chart asks for its window alone', () => {
    const window = { axis: 'step', from: 1, to: 2 } as const;
    const batches = planBatches([
      { owner: 1, query, runIds: ['a'] },
      { owner: 2, query: { ...query, window }, runIds: ['a'] },
    ]);
    expect(batches.map((batch) => batch.window)).toEqual([undefined, window]);
  });

  test('a thousand runs come in several parts, and nobody asks for nothing', () => {
    const runIds = Array.from({ length: 1000 }, (_, run) => String(run));
    const batches = planBatches([
      { owner: 1, query, runIds },
      { owner: 2, query, runIds: [] },
    ]);
    expect(batches.map((batch) => batch.runIds.length)).toEqual([250, 250, 250, 250]);
    expect(batches.every(({ owners }) => owners.length === 1)).toBe(true);
  });

  test('a hundred runs come in two parts, which a store reads at the same time; a few come at once', () => {
    const sizes = (count: number): readonly number[] =>
      planBatches([{ owner: 1, query, runIds: Array.from({ length: count }, (_, run) => String(run)) }]).map(({ runIds }) => runIds.length);
    expect([sizes(101), sizes(40), sizes(39), sizes(1)]).toEqual([[51, 50], [20, 20], [39], [1]]);
    // What a thousand runs have grown by is little: another request would cost more than it saves.
    expect(planBatches([{ owner: 1, query, runIds: Array.from({ length: 1000 }, (_, run) => String(run)), isTail: true }])).toHaveLength(1);
  });

  test('detail follows the width and shrinks with the number of lines', () => {
    expect(bucketsFor(430, 10)).toBe(400);
    expect(bucketsFor(430, 1000)).toBe(100);
    expect(bucketsFor(10, 10)).toBe(50);
  });

  test('what is read before a page asks is what nearly all cards ask for', () => {
    for (const runs of [40, 100, 500, 1000]) for (const width of [320, 420, 560]) expect(bucketsFor(width, runs)).toBe(likelyDetail(runs));
    expect(likelyDetail(39)).toBeUndefined();
  });
});

interface Asked {
  readonly params: Parameters<RequestHistories>[0];
  readonly signal: AbortSignal;
  answer(values: Readonly<Record<string, readonly number[]>>): void;
  /** Values by step, by run. */
  answerSteps(values: Readonly<Record<string, Readonly<Record<number, number>>>>): void;
  fail(message: string): void;
}

/** A host whose answers the test gives when it likes. */
const newSource = (runs: string[]) => {
  const asked: Asked[] = [];
  const request: RequestHistories = (params, signal) =>
    new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
      const answer: Asked['answer'] = (values) =>
        resolve([
          encodeHistories(
            Object.entries(values).flatMap(([runId, list]) => params.keys.map((key) => ({ runId, key, total: list.length, ...points(...list) }))),
          ),
        ]);
      const answerSteps: Asked['answerSteps'] = (values) =>
        resolve([
          encodeHistories(
            Object.entries(values).map(([runId, bySteps]) => {
              const steps = Float64Array.from(Object.keys(bySteps), Number);
              return { runId, key: 'loss', total: steps.length, steps, timestamps: steps, values: Float64Array.from(Object.values(bySteps)) };
            }),
          ),
        ]);
      asked.push({ params, signal, answer, answerSteps, fail: (message) => reject(new Error(message)) });
    });
  return { source: new HistorySource(request, () => runs), asked, runs };
};

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('The source of histories', () => {
  test('asks once for what several watchers want, and tells all of them', async () => {
    const { source, asked } = newSource(['a']);
    const [first, second] = [source.watch(query), source.watch(query)];
    await settled();
    expect(asked).toHaveLength(1);
    expect(first.histories.value.loading).toBe(true);
    asked[0]?.answer({ a: [1, 2] });
    await settled();
    expect(second.histories.value.series.get('a')?.values).toHaveLength(2);
    expect(first.histories.value.loading).toBe(false);
  });

  test('does not ask for what it was handed, and has it at once', async () => {
    const { source, asked, runs } = newSource(['a']);
    const buffers = [encodeHistories([{ runId: 'a', key: 'loss', total: 2, ...points(1, 2) }])];
    source.accept({ request: { keys: ['loss'], runIds: ['a'], buckets: 100 }, buffers });
    const { histories } = source.watch(query);
    expect(histories.value.series.get('a')?.values).toEqual(Float64Array.of(1, 2));
    expect(histories.value.loading).toBe(false);
    await settled();
    expect(asked).toEqual([]);
    runs.push('b');
    source.update();
    await settled();
    expect(asked.map(({ params }) => params.runIds)).toEqual([['b']]);
  });

  test('asks only for runs that were added', async () => {
    const { source, asked, runs } = newSource(['a']);
    source.watch(query);
    await settled();
    asked[0]?.answer({ a: [1] });
    await settled();
    runs.push('b');
    source.update();
    await settled();
    expect(asked[1]?.params.runIds).toEqual(['b']);
  });

  test('asks again for a run that has grown, also when it grew during the answer', async () => {
    const { source, asked } = newSource(['a', 'b']);
    source.watch(query);
    await settled();
    source.invalidate([{ runId: 'b', keys: ['loss'] }]);
    asked[0]?.answer({ a: [1], b: [1] });
    await settled();
    expect(asked[1]?.params.runIds).toEqual(['b']);
  });

  test('asks of a run that has grown only for what is new, and appends it', async () => {
    const { source, asked } = newSource(['a']);
    const { histories } = source.watch(query);
    await settled();
    asked[0]?.answer({ a: [5, 6, 7] });
    await settled();
    source.invalidate([{ runId: 'a', keys: ['loss'] }]);
    await settled();
    expect(asked[1]?.params.window).toEqual({ axis: 'step', from: 2, to: Number.MAX_SAFE_INTEGER });
    expect(histories.value.loading).toBe(false);
    asked[1]?.answerSteps({ a: { 2: 7, 3: 8, 4: 9 } });
    await settled();
    expect(histories.value.series.get('a')).toMatchObject({ total: 5, values: Float64Array.of(5, 6, 7, 8, 9), steps: Float64Array.of(0, 1, 2, 3, 4) });
  });

  test('reads a run whole whose growth is not at its end', async () => {
    const { source, asked } = newSource(['a']);
    const { histories } = source.watch(query);
    await settled();
    asked[0]?.answer({ a: [5, 6, 7] });
    await settled();
    source.invalidate([{ runId: 'a', keys: ['loss'] }]);
    await settled();
    asked[1]?.answerSteps({ a: { 2: 7 } });
    await vi.waitFor(() => expect(asked).toHaveLength(3), { timeout: 10_000 });
    expect(asked[2]?.params.window).toBeUndefined();
    asked[2]?.answer({ a: [5, 5.5, 6, 7] });
    await settled();
    expect(histories.value.series.get('a')?.values).toEqual(Float64Array.of(5, 5.5, 6, 7));
    expect(asked).toHaveLength(3);
  });

  test('does not read a run whole because it is told of points that the answer before had already', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const { source, asked } = newSource(['a']);
    const { histories } = source.watch(query);
    await settled();
    asked[0]?.answer({ a: [5, 6] });
    await settled();
    const tell = async (steps: Readonly<Record<number, number>>): Promise<void> => {
      source.invalidate([{ runId: 'a', keys: ['loss'] }]);
      await settled();
      asked.at(-1)?.answerSteps({ a: steps });
      await settled();
      vi.advanceTimersByTime(900);
      await settled();
    };
    await tell({ 1: 6, 2: 7, 3: 8 });
    await tell({ 3: 8 });
    await tell({ 3: 8, 4: 9 });
    vi.advanceTimersByTime(5000);
    await settled();
    expect(asked.map(({ params }) => params.window?.from)).toEqual([undefined, 1, 3, 3]);
    expect(histories.value.series.get('a')?.values).toEqual(Float64Array.of(5, 6, 7, 8, 9));
  });

  test('reads a run whole again when it has become much finer than asked for', async () => {
    const { source, asked } = newSource(['a']);
    source.watch({ key: 'loss', buckets: 2 });
    await settled();
    asked[0]?.answer({ a: Array.from({ length: 17 }, (_, at) => at) });
    await settled();
    source.invalidate([{ runId: 'a', keys: ['loss'] }]);
    await settled();
    asked[1]?.answerSteps({ a: { 16: 16, 17: 17, 18: 18 } });
    await settled();
    expect(asked[2]?.params.window).toBeUndefined();
  });

  test('does not ask again for a run without points', async () => {
    const { source, asked } = newSource(['a']);
    source.watch(query);
    await settled();
    asked[0]?.answer({});
    await settled();
    source.update();
    await settled();
    expect(asked).toHaveLength(1);
  });

  test('gives up a request when nobody watches any more, and asks anew when somebody does', async () => {
    const { source, asked } = newSource(['a']);
    const watch = source.watch(query);
    await settled();
    watch.dispose();
    expect(asked[0]?.signal.aborted).toBe(true);
    source.watch(query);
    await settled();
    expect(asked).toHaveLength(2);
  });

  test('keeps what it has read when a later read fails, says why, and tries again when told', async () => {
    const { source, asked } = newSource(['a']);
    const { histories } = source.watch(query);
    await settled();
    asked[0]?.answer({ a: [1] });
    await settled();
    source.invalidate([{ runId: 'a', keys: ['loss'] }]);
    await settled();
    asked[1]?.fail('The store does not answer');
    await settled();
    expect(histories.value.failure).toBe('The store does not answer');
    expect(histories.value.series.get('a')?.values).toHaveLength(1);
    expect(asked).toHaveLength(2);
    source.invalidate([{ runId: 'a', keys: ['loss'] }]);
    await settled();
    asked[2]?.answer({ a: [1, 2] });
    await settled();
    expect(histories.value.failure).toBeUndefined();
    expect(histories.value.series.get('a')?.values).toHaveLength(2);
  });

  test('gives up a store that does not answer, and says so', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const { source, asked } = newSource(['a']);
    const { histories } = source.watch(query);
    await settled();
    vi.advanceTimersByTime(60_000);
    await settled();
    expect(histories.value.failure).toBe('The store has not answered for a minute');
    source.retry();
    await settled();
    asked[1]?.answer({ a: [1] });
    await settled();
    expect(histories.value.failure).toBeUndefined();
    expect(histories.value.series.get('a')?.values).toHaveLength(1);
  });

  test('has few requests under way at a time', async () => {
    const { source, asked } = newSource(Array.from({ length: 2000 }, (_, run) => String(run)));
    source.watch(query);
    await settled();
    expect(asked).toHaveLength(4);
    asked[0]?.answer({});
    await settled();
    expect(asked).toHaveLength(5);
  });

  test('tells of answers that come together once, and of one that comes alone without the others', async () => {
    const { source, asked } = newSource(Array.from({ length: 1000 }, (_, run) => String(run)));
    const { histories } = source.watch(query);
    await settled();
    const sizes: number[] = [];
    effect(() => void sizes.push(histories.value.series.size));
    asked[0]?.answer({ 1: [1] });
    await expect.poll(() => sizes.at(-1)).toBe(250);
    for (const { answer } of asked.slice(1)) answer({});
    await settled();
    expect(new Set(sizes)).toEqual(new Set([0, 250, 1000]));
    expect(histories.value.loading).toBe(false);
  });
});
