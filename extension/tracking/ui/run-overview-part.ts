import type { RunOverviewProtocol } from '../../../schemas/run-overview-protocol.ts';
import type { RunReference } from '../../host/commands.ts';
import type { CreateRunPart } from '../../host/run-part.ts';
import type { Editing } from './editing.ts';
import { checkTag } from '../validation.ts';
import { storeOf } from './tree-selection.ts';

interface Surroundings extends Editing {
  /** Opens the run's note in an editor. */
  editNote(run: RunReference): Promise<void>;
}

/** Answers the tab *Overview*: the run's tags and its note. */
export const createRunOverview =
  ({ stores, edits, editNote }: Surroundings): CreateRunPart<RunOverviewProtocol> =>
  ({ run, changed }) => ({
    requests: {
      setTag: async ({ key, value }) => {
        const tag = { key: String(key), value: String(value) };
        checkTag(tag);
        await edits.during({ kind: 'run', ...run, tags: [tag] }, () => storeOf(stores, run).tracking.setTag(run.runId, tag));
        changed();
        return null;
      },
      deleteTag: async ({ key }) => {
        const tags = [{ key: String(key), value: null }];
        await edits.during({ kind: 'run', ...run, tags }, () => storeOf(stores, run).tracking.deleteTag(run.runId, String(key)));
        changed();
        return null;
      },
      editNote: async () => (await editNote(run), null),
    },
    dispose: () => {},
  });
