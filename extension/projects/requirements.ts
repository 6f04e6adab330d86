import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

export interface Requirement {
  /** As pip reads it. */
  readonly text: string;
  readonly isConstraint: boolean;
}

/** Files that name each other in a circle end here. */
const deepest = 50;

/** Requirement lines with the files that they name read in, as MLflow does for the name of an environment; `reads`: which of these files. */
export const expandRequirements = async (
  lines: readonly string[],
  folder: string,
  reads: (file: string) => boolean = () => true,
): Promise<readonly Requirement[]> => await expand(lines, { folder, reads, isConstraint: false, depth: 0 });

interface Place {
  readonly reads: (file: string) => boolean;
  readonly folder: string;
  readonly isConstraint: boolean;
  readonly depth: number;
}

const expand = async (lines: readonly string[], place: Place): Promise<readonly Requirement[]> => {
  const requirements = joinContinued(lines.map((line) => withoutComment(line.trim()))).filter((line) => line !== '' && !line.startsWith('#'));
  const expanded = await Promise.all(requirements.map(async (line) => await expandLine(line, place)));
  return expanded.flat();
};

const expandLine = async (line: string, place: Place): Promise<readonly Requirement[]> => {
  const [, option = '', name = ''] = /^(-r|--requirement|-c|--constraint) \s*(.*)$/s.exec(line) ?? [];
  const file = resolve(place.folder, name);
  if (option === '' || place.depth > deepest || !place.reads(file)) return [{ text: line, isConstraint: place.isConstraint }];
  const lines = (await readFile(file, 'utf8')).split(/\r\n|[\n\r]/);
  const isConstraint = option === '-c' || option === '--constraint';
  return await expand(lines, { ...place, folder: dirname(file), isConstraint, depth: place.depth + 1 });
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
