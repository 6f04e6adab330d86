import type { RunReference } from '../../host/commands.ts';
import { lineText } from '../../host/hostile-text.ts';
import { MlflowError } from '../../shared/errors.ts';
import { tagOf } from '../read-run.ts';
import type { Run } from '../run.ts';
import type { TrackingStore } from '../tracking-store.ts';
import type { Editing } from './editing.ts';
import { storeOf } from './tree-selection.ts';

/** By key; null: none. */
type TagValues = ReadonlyMap<string, string | null>;

/** How tags of runs are written, shown while they are, and taken back; `seen` are runs as the person saw them: one whose tag is another by now is left as it is. */
export const writingTags = ({ stores, edits }: Editing, wanted: TagValues, seen: readonly Run[] = []) => {
  const asSeen = new Map(seen.map((run) => [run.info.runId, run]));
  const before = new Map<RunReference, TagValues>();
  return {
    preview: edits.preview<RunReference>((run) => ({ kind: 'run', ...run, tags: toList(wanted) })),
    change: async (run: RunReference): Promise<void> => {
      const { tracking } = storeOf(stores, run);
      const now = await tracking.getRun(run.runId);
      const saw = asSeen.get(run.runId);
      if (saw !== undefined) checkUntouched(now, valuesOf(saw, wanted.keys()));
      before.set(run, valuesOf(now, wanted.keys()));
      await writeValues(tracking, now, wanted);
    },
    takeBack: {
      title: 'Taking tags back',
      preview: edits.preview<RunReference>((run) => ({ kind: 'run', ...run, tags: toList(before.get(run) ?? new Map()) })),
      change: async (run: RunReference): Promise<void> => {
        const { tracking } = storeOf(stores, run);
        const now = await tracking.getRun(run.runId);
        checkUntouched(now, wanted);
        await writeValues(tracking, now, before.get(run) ?? new Map());
      },
    },
  };
};

const toList = (values: TagValues) => [...values].map(([key, value]) => ({ key, value }));

const valuesOf = (run: Run, keys: Iterable<string>): TagValues => new Map([...keys].map((key) => [key, tagOf(run, key) ?? null]));

/** MLflow refuses to remove what is not there: only some of the runs may have the tag. */
const writeValues = async (tracking: TrackingStore, run: Run, wanted: TagValues): Promise<void> => {
  for (const [key, value] of wanted) {
    if (value !== null) await tracking.setTag(run.info.runId, { key, value });
    else if (tagOf(run, key) !== undefined) await tracking.deleteTag(run.info.runId, key);
  }
};

/** What somebody else has written in the meantime stays. */
const checkUntouched = (run: Run, known: TagValues): void => {
  for (const [key, value] of known)
    if ((tagOf(run, key) ?? null) !== value) throw new MlflowError('INVALID_STATE', `The tag ${lineText(key, 80)} has been changed in the meantime`);
};
