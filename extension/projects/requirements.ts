import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

export interface Requirement {
  /** As pip reads it. */
  readonly text: string;
  readonly isConstraint: boolean;
}

/** Files that name each other in a circle end here. */
const deepest = 50;

/** Requirement lines with the files that they name read in, as MLflow does for the name of an environment. */
export const expandRequirements = async (lines: readonly string[], folder: string): Promise<readonly Requirement[]> =>
  await expand(lines, { folder, isConstraint: false, depth: 0 });

interface Place {
  readonly folder: string;
  readonly isConstraint: boolean;
  readonly depth: number;
}

const expand = async (lines: readonly string[], place: Place): Promise<readonly Requirement[]> => {
  const requirements = joinContinued(lines.map((line) => withoutComment(line.trim()))).filter((line) => line !== '' && !line.startsWith('#'));
  const expanded = await Promise.all(requirements.map(async (line) => await expandLine(line, place)));
  return expanded.flat();
};

const expandLine = async (line: string, { folder, isConstraint, depth }: Place): Promise<readonly Requirement[]> => {
  const [, option = '', name = ''] = /^(-r|--requirement|-c|--constraint) \s*(.*)$/s.exec(line) ?? [];
  if (option === '' || depth > deepest) return [{ text: line, isConstraint }];
  const file = resolve(folder, name);
  const lines = (await readFile(file, 'utf8')).split(/\r\n|[\n\r]/);
  return await expand(lines, { folder: dirname(file), isConstraint: option === '-c' || option === '--constraint', depth: depth + 1 });
};

const withoutComment = (line: string): string => (line.includes(' #') ? line.slice(0, line.indexOf(' #')).trimEnd() : line);

const joinContinued = (lines: readonly string[]): readonly string[] => {
  const joined: string[] = [];
  let open = '';
  for (const [index, line] of lines.entries()) {
    const continues = line.endsWith('\\');
    open += continues ? line.replace(/\\+$/, '') : line;
    if (continues && index < lines.length - 1) continue;
    joined.push(open);
    open = '';
  }
  return joined;
};
