import { quoteForBash } from '../shared/shell-quote.ts';

/** Where a debugger waits for the entry point's Python. */
export interface DebugPlan {
  /** Folder of the package `debugpy`, which any Python can run, whether it has it or not. */
  readonly debugpy: string;
  /** `host:port` of the debug adapter. */
  readonly address: string;
}

/**
 * Shell words before an entry point's command: `python` and `python3` become functions that start the first
 * script under debugpy and pass everything on as it is. Options of the interpreter stand before the script,
 * so they are told apart; what needs no debugger (`python --version`) gets none.
 */
export const debugPrelude = ({ debugpy, address }: DebugPlan): string =>
  [
    '__mlflow_debugged=',
    '__mlflow_python() { local program=$1; shift; local options=()',
    'while [ $# -gt 0 ]; do case $1 in',
    '-X|-W) options+=("$1" "$2"); shift 2;;',
    '-[XW]*|-[uOBEIsSqvbP]|-OO) options+=("$1"); shift;;',
    '*) break;; esac; done',
    'case ${1-} in ""|-|-V|--version|-h|--help) command "$program" "${options[@]}" "$@"; return;; esac',
    'if [ -n "$__mlflow_debugged" ]; then command "$program" "${options[@]}" "$@"; return; fi',
    '__mlflow_debugged=1',
    `command "$program" -Xfrozen_modules=off "\${options[@]}" ${quoteForBash(debugpy)} --connect ${quoteForBash(address)} "$@"; }`,
    'python() { __mlflow_python python "$@"; }',
    'python3() { __mlflow_python python3 "$@"; }',
  ].join('\n');
