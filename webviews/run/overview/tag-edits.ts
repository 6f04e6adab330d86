import type { NamedText } from '../../../schemas/run-protocol.ts';
import type { RunPage } from '../page.ts';

/** Changes of tags, each with a way back. What the store refuses is told, and the page goes on showing what is stored. */
export interface TagEdits {
  /** Whether it was done. */
  add(tag: NamedText): Promise<boolean>;
  change(tag: NamedText, value: string): Promise<void>;
  remove(tag: NamedText): Promise<void>;
}

export const createTagEdits = (page: RunPage): TagEdits => {
  const known = (key: string): NamedText | undefined => page.run.peek()?.tags.find((tag) => tag.key === key);
  const takeBack = async (before: NamedText | undefined, key: string): Promise<boolean> =>
    before === undefined ? page.ask('deleteTag', { key }) : page.ask('setTag', { key, value: before.value });
  const set = async (tag: NamedText): Promise<boolean> => {
    const before = known(tag.key);
    if (!(await page.ask('setTag', tag))) return false;
    page.changed({ text: `Set the tag ${tag.key}.`, undo: async () => takeBack(before, tag.key) });
    return true;
  };
  return {
    add: set,
    change: async ({ key, value: before }, value) => {
      if (value !== before) await set({ key, value });
    },
    remove: async (tag) => {
      const { key, value } = tag;
      if (await page.ask('deleteTag', { key })) page.changed({ text: `Removed the tag ${key}.`, undo: async () => page.ask('setTag', { key, value }) });
    },
  };
};
