import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { Markdown } from '../../shared/markdown.tsx';
import { ImageView } from './image-view.tsx';
import type { Notebook, NotebookCell, NotebookOutput } from './readers/notebook.ts';
import { Notes } from './text-view.tsx';

/** Cells and their outputs as text and pictures; HTML and scripts among them are not shown. */
export const NotebookView = ({ notebook: { cells, notes } }: { readonly notebook: Notebook }): JSX.Element => (
  <>
    <Notes notes={notes} />
    <ol class="notebook">
      {cells.map((cell, index) => (
        <li key={index} class={`notebook-cell notebook-${cell.kind}`}>
          <Source cell={cell} number={index + 1} />
          {cell.outputs.map((output, at) => (
            <Output key={at} output={output} label={`Output of cell ${index + 1}`} />
          ))}
        </li>
      ))}
    </ol>
  </>
);

const Source = ({ cell: { kind, source }, number }: { readonly cell: NotebookCell; readonly number: number }): JSX.Element =>
  kind === 'markdown' ? (
    <Markdown text={source} />
  ) : (
    <pre class="artifact-text" tabIndex={0} aria-label={`Cell ${number}`}>
      {source}
    </pre>
  );

const Output = ({ output, label }: { readonly output: NotebookOutput; readonly label: string }): JSX.Element => {
  switch (output.kind) {
    case 'text':
      return (
        <pre class={`artifact-text notebook-output${output.isError ? ' is-error' : ''}`} tabIndex={0} aria-label={label}>
          {output.text}
        </pre>
      );
    case 'image':
      return <OutputPicture output={output} label={label} />;
    case 'note':
      return <Notes notes={[output.text]} />;
    default:
      return output satisfies never;
  }
};

const OutputPicture = ({ output, label }: { readonly output: Extract<NotebookOutput, { kind: 'image' }>; readonly label: string }): JSX.Element => {
  const bytes = useMemo(() => decodeBase64(output.base64), [output]);
  return bytes === undefined ? (
    <Notes notes={['A picture that cannot be read.']} />
  ) : (
    <ImageView image={{ bytes, mediaType: output.mediaType, size: '' }} label={label} />
  );
};

const decodeBase64 = (text: string): Uint8Array<ArrayBuffer> | undefined => {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
};
