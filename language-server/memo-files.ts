import type { FileSystem } from './workspace.ts';

/** The same question is asked once: for the length of one request, in which files stand still. */
export const memoFiles = (files: FileSystem): FileSystem => ({
  kindOf: once((uri) => files.kindOf(uri)),
  read: once((uri) => files.read(uri)),
  list: once((uri) => files.list(uri)),
});

const once = <Answer>(ask: (uri: string) => Promise<Answer>): ((uri: string) => Promise<Answer>) => {
  const answers = new Map<string, Promise<Answer>>();
  return (uri) => {
    const answer = answers.get(uri) ?? ask(uri);
    answers.set(uri, answer);
    return answer;
  };
};
