import { effect } from '@preact/signals';
import { asRecord } from '../../schemas/compare-charts.ts';
import type { RunPage } from './page.ts';

const key = 'scroll';
/** What a person does to look elsewhere. */
const own = ['wheel', 'keydown', 'pointerdown', 'touchstart'] as const;
/** ms without growing, after which the page is as long as it is going to be. */
const settled = 500;

/** Keeps how far down a tab was read; a page that comes back goes there as soon as what it shows is long enough, unless a person is faster. */
export const keepScroll = (page: Pick<RunPage, 'run' | 'tab' | 'kept' | 'keep'>): void => {
  let wanted: number | undefined;
  let isBack = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const observer = new ResizeObserver(() => go());
  const stop = (): void => {
    wanted = undefined;
    document.documentElement.style.overflowAnchor = '';
    observer.disconnect();
  };
  const go = (): void => {
    if (wanted === undefined) return;
    scrollTo({ top: wanted, behavior: 'instant' });
    clearTimeout(timer);
    if (scrollY >= wanted - 1) timer = setTimeout(stop, settled);
  };
  addEventListener('scroll', () => wanted === undefined && page.keep(key, { tab: page.tab.peek(), top: scrollY }));
  for (const name of own) addEventListener(name, stop, { passive: true });
  effect(() => {
    if (page.run.value === undefined || isBack) return;
    isBack = true;
    const { tab, top } = asRecord(page.kept.peek()[key]);
    if (tab !== page.tab.peek() || typeof top !== 'number' || top <= 0) return;
    wanted = top;
    // What grows above would move the place that is wanted.
    document.documentElement.style.overflowAnchor = 'none';
    observer.observe(document.body);
  });
};
