import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Stands for conda, mamba and micromamba: records what it is called with, and knows just enough to be believed. */
const standIn = `#!/bin/bash
here="$(cd "$(dirname "$0")/.." && pwd)"
echo "$(basename "$0") $*" >> "$here/calls"
case "$1 $2" in
  "env list") printf '{"envs": ['; sep=; for env in "$here"/envs/*/; do [ -d "$env" ] && { printf '%s"%s"' "$sep" "\${env%/}"; sep=,; }; done; echo ']}' ;;
  "env create") mkdir -p "$here/envs/$4"; [ ! -e "$here/fails" ] || { echo "no such package" >&2; exit 1; }; while [ -e "$here/hangs" ]; do sleep 0.1; done ;;
  "remove --yes") rm -r "$here/envs/$4" ;;
  "shell hook") echo "$(basename "$0")() { echo \\"$(basename "$0") \\$*\\" >> '$here/calls'; }" ;;
esac
`;

/** An installation of conda in this folder, as far as MLflow can tell: its programs are below `bin`, what they were called with is in `calls`. */
export const installCondaStandIn = (root: string, programs: readonly string[]): void => {
  for (const folder of ['bin', 'etc/profile.d', 'envs']) mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, 'etc/profile.d/conda.sh'), `conda() { echo "conda $*" >> '${root}/calls'; }\n`);
  writeFileSync(join(root, 'bin/stand-in'), standIn, { mode: 0o755 });
  for (const program of programs) symlinkSync('stand-in', join(root, 'bin', program));
};
