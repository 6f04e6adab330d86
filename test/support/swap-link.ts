/** `swap-link.ts <one> <other> <link>`: lets the link lead to one and the other in turn, as fast as it can, until it is killed. */
import { renameSync, symlinkSync } from 'node:fs';

const [one = '', other = '', link = ''] = process.argv.slice(2);
for (let round = 0; ; round += 1) {
  symlinkSync(round % 2 === 0 ? one : other, `${link}.next`);
  renameSync(`${link}.next`, link);
  if (round === 0) process.stdout.write('ready\n');
}
