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
