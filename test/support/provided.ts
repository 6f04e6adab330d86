/** What a global set-up has made for all test files. */
export const provided = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is set by the set-up of the tests`);
  return value;
};
