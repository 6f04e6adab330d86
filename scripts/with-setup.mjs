/**
 * `node scripts/with-setup.mjs <script> [arguments]`: installs the project's packages when they do not
 * match the lock file, then runs the script with the project's own Node. Plain JavaScript for Node ≥ 20,
 * because on a fresh clone nothing else is there.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const node = join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

const packagesOf = (lockFile) => JSON.parse(readFileSync(lockFile, 'utf8')).packages;

/** npm keeps in node_modules a lock file of what it installed; optional packages of other platforms are not in it. */
const isInstalled = () => {
  const installedLock = join(modules, '.package-lock.json');
  if (!existsSync(node) || !existsSync(installedLock)) return false;
  const wanted = packagesOf(join(root, 'package-lock.json'));
  const installed = packagesOf(installedLock);
  const isMissing = ([path, entry]) => path !== '' && !entry.optional && installed[path]?.version !== entry.version;
  const isStrange = ([path, entry]) => wanted[path]?.version !== entry.version;
  return !Object.entries(wanted).some(isMissing) && !Object.entries(installed).some(isStrange);
};

/** The machine's npm with the machine's Node: ours may be on PATH too, but is replaced here. Standard output belongs to the script. */
const npm = (...args) => {
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.startsWith(modules));
  const options = {
    cwd: root,
    stdio: ['inherit', process.stderr, 'inherit'],
    shell: process.platform === 'win32',
    env: { ...process.env, PATH: path.join(delimiter) },
  };
  const { status, error } = spawnSync('npm', [...args, '--loglevel=error'], options);
  if (error !== undefined) console.error(`npm cannot be started: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
};

/** Packages run no scripts of theirs (.npmrc), except the one that fetches this platform's Node. */
const install = () => {
  console.error("Installing the project's packages (npm ci) …");
  npm('ci');
  npm('rebuild', 'node', '--ignore-scripts=false');
};

if (!isInstalled()) install();

const path = [join(modules, '.bin'), dirname(node), process.env.PATH ?? ''].join(delimiter);
const child = spawn(node, process.argv.slice(2), { cwd: root, stdio: 'inherit', env: { ...process.env, PATH: path } });

// Ctrl-C reaches the child by itself: it decides when to end. Other signals are for us alone and are passed on.
process.on('SIGINT', () => {});
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
