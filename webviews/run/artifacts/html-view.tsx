import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { toSafeDocument } from './safe-document.ts';
import { Notes } from './text-view.tsx';

interface HtmlProps {
  readonly text: string;
  readonly notes: readonly string[];
}

const scriptNote = 'Scripts of the page are not run and nothing is fetched: what they would draw is missing.';

/** In a frame that can do nothing: no scripts, no forms, no navigation, an origin of its own, and the policy of our page. */
export const HtmlView = ({ text, notes }: HtmlProps): JSX.Element => {
  const shown = useMemo(() => toSafeDocument(text, pageNonce()), [text]);
  return (
    <>
      <Notes notes={[...notes, ...(shown.hadScripts ? [scriptNote] : [])]} />
      <iframe class="artifact-frame" title="The page" sandbox="" srcdoc={shown.html} />
    </>
  );
};

/** Style sheets of the frame are let through by the nonce that our own have. */
const pageNonce = (): string => document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce ?? '';
