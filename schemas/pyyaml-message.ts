/** What the parser says of a text that is no YAML. */
export interface SyntaxError {
  readonly code: string;
  readonly message: string;
  readonly at: number;
}

/** What PyYAML, which reads in another order, prints for the same mistake. */
export const pyYamlMessage = (text: string, { code, message, at }: SyntaxError): string => {
  switch (code) {
    case 'BLOCK_AS_IMPLICIT_KEY':
      return colonInside;
    case 'MULTILINE_IMPLICIT_KEY':
      return text.startsWith('- ', at) ? endOfBlock("'-'") : colonInside;
    case 'BAD_INDENT':
      return badIndent(message);
    case 'BAD_SCALAR_START':
      return `yaml.scanner.ScannerError: found character '${text.charAt(at)}' that cannot start any token`;
    case 'BAD_DQ_ESCAPE':
      return badEscape(text.charAt(at + 1));
    case 'MULTIPLE_ANCHORS':
      return endOfBlock("'<anchor>'");
    default:
      return message.startsWith('Unexpected scalar at node end')
        ? endOfBlock(isKey(text, at) ? "'?'" : "'<scalar>'")
        : 'yaml.YAMLError: the file is not valid YAML';
  }
};

const colonInside = 'yaml.scanner.ScannerError: mapping values are not allowed here';

const endOfBlock = (found: string): string => `yaml.parser.ParserError: expected <block end>, but found ${found}`.trimEnd();

const isKey = (text: string, at: number): boolean => /^[^\n#]*?:(?:\s|$)/.test(text.slice(at, at + 1000));

const badIndent = (message: string): string => {
  const closing = /end with a ([\]}])/.exec(message)?.[1];
  if (closing !== undefined) return `yaml.parser.ParserError: expected ',' or '${closing}'`;
  return endOfBlock(message.includes('mapping') ? "'<block mapping start>'" : '');
};

const hexDigits: ReadonlyMap<string, number> = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
]);

const badEscape = (letter: string): string => {
  const digits = hexDigits.get(letter);
  const problem = digits === undefined ? `found unknown escape character '${letter}'` : `expected escape sequence of ${digits} hexadecimal numbers`;
  return `yaml.scanner.ScannerError: ${problem}`;
};
