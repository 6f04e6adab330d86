import type { Logger } from '../shared/logger.ts';

const levels = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof levels)[number];

/** One line per message, up to the given level. */
export const stderrLogger = (most: LogLevel): Logger => {
  const at = (level: LogLevel) => (message: string) => {
    if (levels.indexOf(level) <= levels.indexOf(most)) process.stderr.write(`${level}: ${message}\n`);
  };
  return { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') };
};
