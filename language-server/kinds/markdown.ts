/** A fenced block; text of the file cannot end it. */
export const code = (text: string, language = ''): string => {
  const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length + 1)));
  return `${fence}${language}\n${text}\n${fence}`;
};

/** Text of the file inside a sentence: backquotes in it must not end the code span. */
export const inline = (text: string): string => {
  const fence = '`'.repeat(Math.max(0, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length)) + 1);
  return `${fence}${fence.length > 1 ? ' ' : ''}${text.replaceAll(/\s+/g, ' ')}${fence.length > 1 ? ' ' : ''}${fence}`;
};

/** In a cell of a table a bar ends the cell, in code spans too. */
export const cell = (text: string): string => inline(text).replaceAll('|', '\\|');
