import type { JSX } from 'preact';
import { Markdown } from '../../shared/markdown.tsx';

export const Notes = ({ notes }: { readonly notes: readonly string[] }): JSX.Element => (
  <>
    {notes.map((note) => (
      <p key={note} class="muted artifact-note">
        <bdi>{note}</bdi>
      </p>
    ))}
  </>
);

interface TextProps {
  readonly text: string;
  readonly notes: readonly string[];
}

export const TextView = ({ text, notes }: TextProps): JSX.Element => (
  <>
    <Notes notes={notes} />
    <pre class="artifact-text" tabIndex={0} aria-label="Text of the artifact">
      {text}
    </pre>
  </>
);

export const MarkdownView = ({ text, notes }: TextProps): JSX.Element => (
  <>
    <Notes notes={notes} />
    <div class="artifact-markdown" tabIndex={0} role="document" aria-label="The document">
      <Markdown text={text} />
    </div>
  </>
);
