/** `node leash.mjs <script> [arguments]`, as the leader of a process group: runs the script until stdin ends, then ends the whole group. */
import { spawn } from 'node:child_process';

const child = spawn(process.execPath, process.argv.slice(2), { stdio: 'ignore' });
child.on('exit', (code) => process.exit(code ?? 1));
process.stdin.resume().on('close', () => process.kill(-process.pid, 'SIGTERM'));
