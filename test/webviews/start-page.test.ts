import { expect, onTestFinished, test, vi } from 'vitest';
import type { CompareProtocol, CompareSnapshot, KnownHistories } from '../../schemas/webview-protocol.ts';
import { HistorySource } from '../../webviews/compare/histories/source.ts';
import { startPage } from '../../webviews/compare/start-page.ts';
import type { HostClient } from '../../webviews/shared/host.ts';
import { encodeHistories } from '../support/encode-histories.ts';

const snapshot: CompareSnapshot = { runs: [], missing: [], metricKeys: ['loss'], directions: {}, notes: [] };
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A page, and how many lines there are of the card at its top whenever it shows its runs. */
const newPage = () => {
  const frames: (() => void)[] = [];
  vi.stubGlobal('requestAnimationFrame', (act: () => void) => frames.push(act));
  onTestFinished(() => void vi.unstubAllGlobals());
  const known = Promise.withResolvers<readonly KnownHistories[]>();
  const listeners: ((payload: CompareSnapshot) => void)[] = [];
  const host = {
    on: (_name: string, listener: (payload: CompareSnapshot) => void) => listeners.push(listener),
  } as unknown as HostClient<CompareProtocol>;
  const answer = Promise.withResolvers<readonly ArrayBuffer[]>();
  const histories = new HistorySource(
    () => answer.promise,
    () => ['a'],
  );
  const shown: number[] = [];
  const isSettled = startPage(host, {
    known: known.promise,
    histories,
    show: () => shown.push(histories.watch({ key: 'loss', buckets: 100 }).histories.value.series.size),
  });
  const nextFrame = (): void => frames.splice(0).forEach((act) => act());
  return { isSettled, known, shown, answer, tell: () => listeners.forEach((listener) => listener(snapshot)), nextFrame };
};

test('the first picture of a page has the lines that the host hands over, and everything else is built some frames later', async () => {
  const { tell, known, shown, isSettled, nextFrame } = newPage();
  tell();
  expect(shown).toEqual([]);
  const points = { steps: Float64Array.of(0), timestamps: Float64Array.of(0), values: Float64Array.of(1) };
  known.resolve([{ request: { keys: ['loss'], runIds: ['a'], buckets: 100 }, buffers: [encodeHistories([{ runId: 'a', key: 'loss', total: 1, ...points }])] }]);
  await settled();
  expect(shown).toEqual([1]);
  nextFrame();
  nextFrame();
  expect(isSettled.value).toBe(false);
  nextFrame();
  expect(isSettled.value).toBe(true);
  tell();
  expect(shown).toEqual([1, 1]);
});

test('everything else waits for lines that are read, but not for ever', async () => {
  for (const isSlow of [false, true]) {
    const { tell, known, answer, isSettled, nextFrame } = newPage();
    known.resolve([]);
    tell();
    await settled();
    tell();
    for (let frame = 1; frame < (isSlow ? 60 : 10); frame++) nextFrame();
    expect(isSettled.value).toBe(false);
    if (!isSlow) answer.resolve([]);
    await settled();
    nextFrame();
    expect(isSettled.value).toBe(true);
  }
});

test('a page whose host has nothing to hand over, or cannot, shows what it is told', async () => {
  const { tell, known, shown } = newPage();
  known.reject(new Error('No such request'));
  await settled();
  tell();
  expect(shown).toEqual([0]);
});
