/** How Python prints a value that came from JSON: MLflow's error messages quote values this way. */

/** `json.dumps(value, sort_keys=True, separators=(",", ":"))`, ASCII only. */
export const pythonJson = (value: unknown): string => {
  if (typeof value === 'string') return asciiJson(value);
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return `{${members.map(([key, member]) => `${asciiJson(key)}:${pythonJson(member)}`).join(',')}}`;
  }
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'bigint') return String(value);
  return typeof value === 'number' ? pythonFloat(value) : 'null';
};

/** `json.dumps(value)`, as MLflow stores values: with blanks, members in their order, ASCII only. */
export const pythonJsonText = (value: unknown): string => {
  if (typeof value === 'string') return asciiJson(value);
  if (Array.isArray(value)) return `[${value.map(pythonJsonText).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return pythonJson(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members.map(([key, member]) => `${asciiJson(key)}: ${pythonJsonText(member)}`).join(', ')}}`;
};

const asciiJson = (text: string): string =>
  JSON.stringify(text).replaceAll(/[\u007f-\uffff]/g, (character) =>
    character === '\u007f' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

const pythonFloat = (value: number): string => {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  return String(value);
};

/** `type(value).__name__` */
export const pythonTypeName = (value: unknown): string => {
  if (value === null || value === undefined) return 'NoneType';
  if (Array.isArray(value)) return 'list';
  switch (typeof value) {
    case 'string':
      return 'str';
    case 'boolean':
      return 'bool';
    case 'number':
      return Number.isInteger(value) ? 'int' : 'float';
    case 'bigint':
      return 'int';
    default:
      return 'dict';
  }
};

/** `repr(text)` */
export const pythonRepr = (text: string): string => {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replaceAll(/[\u0000-\u001f\u007f-\u00a0\u00ad]/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`)
    .replaceAll(quote, quote === "'" ? "\\'" : quote);
  return `${quote}${escaped}${quote}`;
};

/** `str(['a', 'b'])` */
export const pythonList = (texts: readonly string[]): string => `[${texts.map(pythonRepr).join(', ')}]`;

/** `repr(value)` of what came from JSON. */
export const pythonValue = (value: unknown): string => {
  if (typeof value === 'string') return pythonRepr(value);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value)) return `[${value.map(pythonValue).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([key, member]) => `${pythonRepr(key)}: ${pythonValue(member)}`)
      .join(', ')}}`;
  }
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : 'None';
};

/** `repr(value)` of a float. */
export const pythonFloatText = (value: number): string => {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return Number.isInteger(value) ? `${value}.0` : String(value);
};
