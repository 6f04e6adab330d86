import { lineText } from '../../host/hostile-text.ts';
import { Disposables } from '../../shared/disposables.ts';
import { MlflowError } from '../../shared/errors.ts';
import type { SubmittedRun } from '../submitted-run.ts';
import { chooseEntryPoint, type RunTarget } from './choose-entry-point.ts';
import { startWaitingSession, type WaitingSession } from './debug-session.ts';
import { findDebugger } from './debuggers.ts';
import { askChosen } from './run-entry-point.ts';
import { placeOfInterpreter, referenceTo, startRun, type StartOptions } from './start-run.ts';

/** Starts an entry point like *Run*, its Python under a debugger. Undefined when given up. */
export const debugEntryPoint = async (target: RunTarget, options: StartOptions): Promise<SubmittedRun | undefined> => {
  if (process.platform === 'win32')
    throw new MlflowError('NOT_IMPLEMENTED', 'Entry points cannot be debugged on Windows: start the script itself under a debugger');
  const chosen = await chooseEntryPoint(target, 'Debug Entry Point', options);
  const choices = chosen === undefined ? undefined : await askChosen(chosen, options.memory.choicesOf(referenceTo(chosen)));
  if (chosen === undefined || choices === undefined) return undefined;
  if (chosen.found.project.environment.kind === 'docker')
    throw new MlflowError('NOT_IMPLEMENTED', 'A project that runs in a container cannot be debugged from here');
  const place = placeOfInterpreter(chosen.found);
  const interpreter = await options.interpreters.findRunning(place);
  const python = interpreter === undefined ? undefined : await findDebugger(interpreter.path, place);
  if (interpreter === undefined || python === undefined) return undefined;
  const name = lineText(`Debug ${chosen.entryPoint.name}`);
  const session = await startWaitingSession({ debugger: python, interpreter: interpreter.path, name, workspaceFolder: chosen.found.workspaceFolder });
  try {
    const run = await startRun({ ...chosen, choices, debug: { debugpy: python.debugpy, address: session.address } }, options);
    if (run === undefined) end(session);
    else endTogether(run, session);
    return run;
  } catch (error) {
    end(session);
    throw error;
  }
};

/** Who ends the one ends the other. */
const endTogether = (run: SubmittedRun, session: WaitingSession): void => {
  const owned = new Disposables();
  owned.own(session.onStopped(() => run.stop()));
  const onChange = (): void => {
    if (!run.hasEnded) return;
    owned.dispose();
    end(session);
  };
  owned.own(run.onDidChange(onChange));
  onChange();
};

const end = (session: WaitingSession): void => {
  session.stop();
  session.dispose();
};
