import { findProgram, outputOf, run } from './programs.ts';

const isInstalled = (name: string): boolean => outputOf('dpkg-query', ['-W', '-f', '${db:Status-Status}', name]) === 'installed';

/** Installs Debian packages that are missing. Elsewhere it says which ones are meant and leaves the rest to the person. */
export const ensureDebianPackages = async (names: readonly string[], purpose: string): Promise<void> => {
  if (findProgram('apt-get') === undefined) {
    console.log(`${purpose} needs what Debian calls ${names.join(', ')}; this machine has no apt-get, so they are taken to be there.`);
    return;
  }
  const missing = names.filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  const sudo = sudoPrefix();
  if (sudo === undefined) throw new Error(`${purpose} needs Debian packages that are missing. Run: sudo apt-get install ${missing.join(' ')}`);
  console.log(`${purpose} needs ${missing.join(', ')}: installing with apt-get …`);
  await aptGet(sudo, ['update']);
  await aptGet(sudo, ['install', '--yes', '--no-install-recommends', ...missing]);
};

const aptGet = async (sudo: readonly string[], args: readonly string[]): Promise<void> => {
  const [program = 'apt-get', ...rest] = [...sudo, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-qq', ...args];
  await run(program, rest);
};

/** What comes before a command to run it as root without a question; undefined when that is not possible. */
const sudoPrefix = (): readonly string[] | undefined => {
  if (process.getuid?.() === 0) return [];
  return outputOf('sudo', ['-n', 'true']) === undefined ? undefined : ['sudo', '-n'];
};
