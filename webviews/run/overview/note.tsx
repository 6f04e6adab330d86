import type { JSX } from 'preact';
import { Button } from '../../shared/controls.tsx';
import { Markdown } from '../../shared/markdown.tsx';
import type { RunPage } from '../page.ts';
import { Section } from '../section.tsx';

interface NoteProps {
  readonly page: RunPage;
  readonly note: string;
}

/** The run's note as Markdown; it is written in an editor. */
export const Note = ({ page, note }: NoteProps): JSX.Element => {
  const actions = page.canEdit.value && (
    <Button icon="edit" onClick={() => void page.ask('editNote', null)}>
      Edit Note
    </Button>
  );
  return (
    <Section title="Note" actions={actions}>
      {note.trim() === '' ? <p class="muted">No note yet.</p> : <Markdown text={note} />}
    </Section>
  );
};
