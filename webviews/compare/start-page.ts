import { signal, type ReadonlySignal } from '@preact/signals';
import type { CompareProtocol, CompareSnapshot, KnownHistories } from '../../schemas/webview-protocol.ts';
import type { HostClient } from '../shared/host.ts';
import type { HistorySource } from './histories/source.ts';

interface Starting {
  readonly known: Promise<readonly KnownHistories[]>;
  readonly histories: HistorySource;
  show(snapshot: CompareSnapshot): void;
}

/** Lines that are there are painted for the first frame, and seen with the one after it. */
const framesForLines = 3;
/** A second: nothing else waits longer for lines that are read. */
const mostFrames = 60;

/**
 * The first picture of a page that is shown again has its lines: what the host tells before it has handed them over waits for them.
 * The signal says when it is the turn of everything else.
 */
export const startPage = (host: HostClient<CompareProtocol>, { known, histories, show }: Starting): ReadonlySignal<boolean> => {
  const isSettled = signal(false);
  let isStarting = true;
  let told: CompareSnapshot | undefined;
  const present = (snapshot: CompareSnapshot): void => {
    show(snapshot);
    if (!isSettled.peek()) eachFrame((frames) => (isSettled.value ||= frames >= (histories.isReading ? mostFrames : framesForLines)));
  };
  host.on('snapshot', (snapshot) => {
    if (isStarting) told = snapshot;
    else present(snapshot);
  });
  const end = (): void => {
    isStarting = false;
    if (told !== undefined) present(told);
  };
  // Without them they are asked for, as all others are.
  known.then((all) => all.forEach((one) => histories.accept(one))).then(end, end);
  return isSettled;
};

/** Until it is done. */
const eachFrame = (act: (frames: number) => boolean, frames = 1): void =>
  void requestAnimationFrame(() => {
    if (!act(frames)) eachFrame(act, frames + 1);
  });
