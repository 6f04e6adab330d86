import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { NamedText } from '../../../schemas/run-protocol.ts';
import { Button, IconButton } from '../../shared/controls.tsx';
import { EditField } from '../edit-field.tsx';
import { LongText } from '../long-text.tsx';
import type { RunPage } from '../page.ts';
import { Section } from '../section.tsx';
import { NewTag } from './new-tag.tsx';
import { createTagEdits, type TagEdits } from './tag-edits.ts';

interface TagTableProps {
  readonly page: RunPage;
  readonly tags: readonly NamedText[];
}

const isMlflows = ({ key }: NamedText): boolean => key.startsWith('mlflow.');

/** Tags that people have set can be edited where they stand; those of MLflow itself are shown. */
export const TagTable = ({ page, tags }: TagTableProps): JSX.Element => {
  const adding = useSignal(false);
  const edits = createTagEdits(page);
  const own = tags.filter((tag) => !isMlflows(tag));
  const others = tags.filter(isMlflows);
  const actions = page.canEdit.value && !adding.value && (
    <Button icon="add" onClick={() => (adding.value = true)}>
      Add Tag
    </Button>
  );
  return (
    <Section title={`Tags (${own.length.toLocaleString('en-US')})`} actions={actions}>
      {adding.value && <NewTag edits={edits} onDone={() => (adding.value = false)} />}
      {own.length === 0 ? <p class="muted">Nobody has set a tag.</p> : <Rows page={page} tags={own} edits={edits} label="Tags" />}
      {others.length > 0 && (
        <details>
          <summary>Tags of MLflow itself ({others.length})</summary>
          <Rows page={page} tags={others} label="Tags of MLflow itself" />
        </details>
      )}
    </Section>
  );
};

interface RowsProps extends TagTableProps {
  readonly label: string;
  /** Absent: they can only be read. */
  readonly edits?: TagEdits;
}

const Rows = ({ page, tags, edits, label }: RowsProps): JSX.Element => (
  <table class="values" aria-label={label}>
    <thead>
      <tr>
        <th scope="col">Tag</th>
        <th scope="col">Value</th>
      </tr>
    </thead>
    <tbody>
      {tags.map((tag) => (
        <tr key={tag.key}>
          <th scope="row">
            <bdi>{tag.key}</bdi>
          </th>
          <td>{edits !== undefined && page.canEdit.value ? <EditableTag tag={tag} edits={edits} /> : <LongText text={tag.value} />}</td>
        </tr>
      ))}
    </tbody>
  </table>
);

const EditableTag = ({ tag, edits }: { readonly tag: NamedText; readonly edits: TagEdits }): JSX.Element => {
  const editing = useSignal(false);
  if (editing.value) {
    return (
      <EditField label={`Value of ${tag.key}`} value={tag.value} onDone={() => (editing.value = false)} onSave={async (value) => edits.change(tag, value)} />
    );
  }
  return (
    <>
      <LongText text={tag.value} /> <IconButton icon="edit" label={`Edit ${tag.key}`} onClick={() => (editing.value = true)} />
      <IconButton icon="trash" label={`Remove ${tag.key}`} onClick={() => void edits.remove(tag)} />
    </>
  );
};
