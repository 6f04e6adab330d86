import * as vscode from 'vscode';

import { errorMessage } from '../shared/errors.ts';
import type { Logger } from '../shared/logger.ts';
import { executeCommand } from './commands.ts';
import { sayError } from './messages.ts';

export type ReportError = (error: unknown) => void;

/** The edge where a failed command becomes a notification. A cancelled one is no failure. */
export const createReportError =
  (log: Logger): ReportError =>
  (error) => {
    if (isCancellation(error)) return;
    log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
    void offerLog(errorMessage(error));
  };

const showLog = 'Show Log';

const offerLog = async (message: string): Promise<void> => {
  const choice = await sayError(message, showLog);
  if (choice === showLog) await executeCommand('mlflow.showLog');
};

const isCancellation = (error: unknown): boolean => error instanceof vscode.CancellationError || (error instanceof Error && error.name === 'AbortError');
