const assignment = /^[ \t]*(?:export[ \t]+)?(?:'([^'\r\n]+)'|([^\s=#'"]+))[ \t]*=[ \t]*(?:'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)"|([^\r\n]*))/gm;

/** The variables of a `.env` file, as python-dotenv and VS Code's Python extension read them; the last assignment of a name counts. */
export const readEnvFile = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries([...text.matchAll(assignment)].map((found) => [found[1] ?? found[2] ?? '', valueOf(found)]));

const valueOf = ([, , , single, double, bare = '']: RegExpExecArray): string => {
  if (single !== undefined) return single.replaceAll(/\\([\\'])/g, '$1');
  if (double !== undefined) return double.replaceAll(/\\(.)/gs, (_, escaped: string) => ({ n: '\n', r: '\r', t: '\t' })[escaped] ?? escaped);
  return bare.replace(/(?:^|\s)#.*$/, '').trim();
};

/** The line that sets a variable; quoted where readers would cut the value. */
export const envLine = (name: string, value: string): string =>
  /^[\w.,:;/\\@%+~()[\]-]*$/.test(value) ? `${name}=${value}` : `${name}='${value.replaceAll(/[\\']/g, String.raw`\$&`)}'`;

/** What is to be written behind the text of a `.env` file, whose line ends it has. */
export const envLinesToAppend = (text: string, variables: Readonly<Record<string, string>>): string => {
  const lineEnd = /\r?\n/.exec(text)?.[0] ?? '\n';
  const lines = Object.entries(variables).map(([name, value]) => envLine(name, value) + lineEnd);
  const isOpen = text !== '' && !/[\r\n]$/.test(text);
  return (isOpen ? lineEnd : '') + lines.join('');
};
