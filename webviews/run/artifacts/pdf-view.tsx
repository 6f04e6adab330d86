import { useSignal, type Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Slider } from '../../shared/controls.tsx';
import type { PdfFile } from './readers/pdf.ts';
import { Notes } from './text-view.tsx';

/** A page after another; as pictures, in which nothing can be clicked. */
export const PdfView = ({ bytes }: { readonly bytes: Uint8Array }): JSX.Element => {
  const file = useSignal<PdfFile | undefined>(undefined);
  const failure = useSignal<string | undefined>(undefined);
  const page = useSignal(1);
  useEffect(() => {
    const opening = import('./readers/pdf.ts').then(async ({ openPdf }) => await openPdf(bytes));
    opening.then((opened) => (file.value = opened), tell(failure));
    return () => void opening.then((opened) => opened.dispose()).catch(() => {});
  }, [bytes]);
  if (failure.value !== undefined) return <Notes notes={[failure.value]} />;
  if (file.value === undefined) return <p class="muted">Reading…</p>;
  const { pageCount } = file.value;
  return (
    <>
      {pageCount > 1 && (
        <div class="buttons">
          <Slider
            label="Page"
            value={page.value}
            min={1}
            max={pageCount}
            step={1}
            text={`${page.value} of ${pageCount}`}
            onChange={(value) => (page.value = value)}
          />
        </div>
      )}
      <PdfPage key={page.value} file={file.value} page={page.value} failure={failure} />
    </>
  );
};

const tell =
  (failure: Signal<string | undefined>) =>
  (error: unknown): void =>
    void (failure.value = error instanceof Error ? error.message : String(error));

interface PageProps {
  readonly file: PdfFile;
  readonly page: number;
  readonly failure: Signal<string | undefined>;
}

/** Twice as fine as the place it is shown in, which is enough for a screen of any kind. */
const fineness = 2;

const PdfPage = ({ file, page, failure }: PageProps): JSX.Element => {
  const canvas = useRef<HTMLCanvasElement>(null);
  const text = useSignal('');
  useEffect(() => {
    let isCurrent = true;
    if (canvas.current === null) return undefined;
    file.draw(page, canvas.current, canvas.current.clientWidth * fineness).then(
      (found) => isCurrent && (text.value = found),
      (error: unknown) => isCurrent && tell(failure)(error),
    );
    return () => void (isCurrent = false);
  }, []);
  return (
    <>
      <canvas ref={canvas} class="artifact-page" role="img" aria-label={`Page ${page} of ${file.pageCount}`} />
      <p class="visually-hidden">{text.value}</p>
    </>
  );
};
