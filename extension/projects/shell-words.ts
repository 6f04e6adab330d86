/** Python's `shlex.split`, for the one word that `shlex.quote` makes of a value; undefined for what it does not make. */
export const unquoteForBash = (quoted: string): string | undefined => {
  const parts = [...quoted.matchAll(/'([^']*)'|"([^"\\$`]*)"|([\w@%+=:,./-]+)/gsy)];
  const length = parts.reduce((sum, [part]) => sum + part.length, 0);
  return length === quoted.length && quoted !== '' ? parts.map(([, single, double, bare]) => single ?? double ?? bare ?? '').join('') : undefined;
};
