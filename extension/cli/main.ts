/** `mlflow-workbench <verb>`: each verb is a thin call into a component. Exit codes: 0 done, 1 failed, 2 wrong usage. */
import { Command, CommanderError } from 'commander';
import { errorMessage } from '../shared/errors.ts';
import { gateCommand } from './gate-command.ts';
import { languageServerCommand } from './language-server-command.ts';
import { runCommand } from './run-command.ts';
import { serverCommand } from './server-command.ts';

const program = new Command('mlflow-workbench')
  .description('MLflow Workbench on the command line')
  .exitOverride()
  .addCommand(runCommand())
  .addCommand(serverCommand())
  .addCommand(gateCommand())
  .addCommand(languageServerCommand());

const exitCodeOf = (error: unknown): number => {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  process.stderr.write(`mlflow-workbench: ${errorMessage(error)}\n`);
  return 1;
};

program.parseAsync().catch((error: unknown) => {
  process.exitCode = exitCodeOf(error);
});
