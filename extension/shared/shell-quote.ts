/** Python's `shlex.quote`: what bash then reads is the value, whatever it holds. */
export const quoteForBash = (value: string): string => {
  if (value === '') return "''";
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'"'"'`)}'`;
};

/**
 * MLflow's `mslex_quote`: for programs that cmd.exe starts and that split their own command line. Not every
 * value has a spelling that both read back unchanged.
 */
export const quoteForCmd = (value: string): string => {
  if (value === '') return '""';
  if (!/[\s"^&|<>()%!]/.test(value)) return value;
  if (!/["^&|<>()%!]/.test(value)) return quoteArgument(value);
  if (!/["%!]/.test(value)) return `"${value}${/\\+$/.exec(value)?.[0] ?? ''}"`;
  const quoted = /[\s"]/.test(value) ? quoteArgument(value) : value;
  return quoted.replaceAll(/["^&|<>()%!]/g, '^$&');
};

/** As CommandLineToArgvW reads it: backslashes are doubled only before a quote. */
const quoteArgument = (value: string): string => `"${value.replaceAll(/(\\*)"/g, String.raw`$1$1\"`).replace(/\\+$/, '$&$&')}"`;

export const quoteForShell = (value: string, platform: NodeJS.Platform): string => (platform === 'win32' ? quoteForCmd(value) : quoteForBash(value));

/** What a person types into a terminal to run a program with variables of its own. */
export const commandLine = (words: readonly string[], variables: Readonly<Record<string, string>>, platform: NodeJS.Platform): string => {
  const quote = (text: string): string => quoteForShell(text, platform);
  const assignments = Object.entries(variables).map(([key, value]) => (platform === 'win32' ? `set ${quote(`${key}=${value}`)}` : `${key}=${quote(value)}`));
  return [...assignments, words.map(quote).join(' ')].join(platform === 'win32' ? '& ' : ' ');
};
