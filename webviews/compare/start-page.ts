import { signal } from '@preact/signals';
import type { CompareProtocol, CompareSnapshot } from '../../schemas/webview-protocol.ts';
import type { HostClient } from '../shared/host.ts';
import type { HistorySource } from './histories/source.ts';

interface Starting {
  readonly histories: HistorySource;
  show(snapshot: CompareSnapshot): void;
}

/** Lines are painted for the first frame, and seen with the one after it. */
const framesForLines = 3;

/** The first picture of a page that is shown again has its lines: what the host tells before it has handed them over waits for them. */
export const startPage = (host: HostClient<CompareProtocol>, { histories, show }: Starting) => {
  const isSettled = signal(false);
  let isStarting = true;
  let told: CompareSnapshot | undefined;
  const present = (snapshot: CompareSnapshot): void => {
    show(snapshot);
    if (!isSettled.peek()) afterFrames(framesForLines, () => (isSettled.value = true));
  };
  host.on('snapshot', (snapshot) => {
    if (isStarting) told = snapshot;
    else present(snapshot);
  });
  const end = (): void => {
    isStarting = false;
    if (told !== undefined) present(told);
  };
  const start = (): void => {
    host.ready();
    const accepted = host.request('knownHistories', null).then((known) => known.forEach((one) => histories.accept(one)));
    // Without them they are asked for, as all others are.
    accepted.then(end, end);
  };
  return { isSettled, start };
};

const afterFrames = (count: number, act: () => void): void => {
  if (count === 0) act();
  else requestAnimationFrame(() => afterFrames(count - 1, act));
};
