import type * as vscode from 'vscode';

/** VS Code's cancellation token as the signal that everything below the UI takes. */
export const toSignal = (token: vscode.CancellationToken): AbortSignal => {
  if (token.isCancellationRequested) return AbortSignal.abort();
  const controller = new AbortController();
  token.onCancellationRequested(() => controller.abort());
  return controller.signal;
};
