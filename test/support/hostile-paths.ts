/** Paths by which MLflow and others have been made to leave a folder, for a file outside it. */
export const hostilePaths = (outside: string): readonly string[] => {
  const below = outside.replace(/^\//, '');
  const climbs = Array.from({ length: 20 }, (_, index) => '../'.repeat(index + 1));
  return [
    ...climbs.map((climb) => climb + below),
    ...climbs.slice(0, 3),
    '..',
    '.',
    './x',
    'a/../../x',
    'a/./b',
    'a//b',
    outside,
    `/${outside}`,
    `//${outside}`,
    '/etc/passwd',
    '//proc/self/root/etc/passwd',
    '///etc',
    '/',
    `file://${outside}`,
    `file:${outside}`,
    `FILE://${outside}`,
    `file://localhost${outside}`,
    'file://localhost/../..',
    'file://x/../',
    'http://x/?/../..',
    'http:///#/../../etc/',
    's3://b/x;/../../',
    'x:/etc',
    'C:/',
    'C:x',
    'C:\\Windows\\win.ini',
    '\\\\srv\\share',
    '\\\\?\\C:\\',
    '\\..\\',
    '..\\',
    `..\\/..\\/${below}`,
    'a\\..\\..\\x',
    ...['\t', '\n', '\r', '\0', '\u007f'].map((control) => `.${control}./x`),
    `..\0/${below}`,
    '%2e%2e/x',
    '%2E%2E%2Fx',
    '%252e%252e%252fx',
    'a%5c..%5cx',
    'x%00.txt',
    'x'.repeat(300),
    'x/'.repeat(2600),
  ];
};

/** A text percent-encoded as a whole, so many times. */
export const encodedTimes = (text: string, times: number): string => {
  let encoded = text;
  for (let count = 0; count < times; count += 1) encoded = [...Buffer.from(encoded)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  return encoded;
};
