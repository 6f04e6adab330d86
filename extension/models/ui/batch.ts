import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';

import { toSignal } from '../../host/abort.ts';
import type { RegisterCommand } from '../../host/commands.ts';
import { lineText } from '../../host/hostile-text.ts';
import { sayInformation } from '../../host/messages.ts';
import { readSetting } from '../../host/settings.ts';
import { findContainerEngine } from '../../shared/container-engine.ts';
import { Disposables, type Disposable } from '../../shared/disposables.ts';
import { MlflowError } from '../../shared/errors.ts';
import { userEnvironment } from '../../shared/process.ts';
import { buildImage, imageNameFor, runImageText, whyNoImageName } from '../container-image.ts';
import { dockerfileArgs, exportArgs, runMlflow, type MlflowRun } from '../mlflow-command.ts';
import { predictFile, predictionsPath } from '../predict-file.ts';
import { pickModel } from './pick-model.ts';
import type { PredictionsPages } from './predictions-page.ts';
import { prepareModel, requireTrust, type PreparedModel, type ServeOptions } from './serve-model.ts';
import { runAsTask } from './work-task.ts';

/** Where what comes out is shown. */
export interface BatchPlaces {
  readonly log: vscode.OutputChannel;
  readonly predictions: PredictionsPages;
}

/** What is done with a model but to serve it: predict on a file, write a Dockerfile, hand out its folder. */
export const registerBatch = (register: RegisterCommand, options: ServeOptions, { log, predictions }: BatchPlaces): Disposable => {
  const owned = new Disposables();
  owned.own(register('mlflow.models.predictFile', async (target) => await predict(target, options, predictions)));
  owned.own(register('mlflow.models.generateDockerfile', async (target) => await generateDockerfile(target, options, log)));
  owned.own(register('mlflow.models.buildImage', async (target) => await buildModelImage(target, options, log)));
  owned.own(register('mlflow.models.exportFolder', async (target) => await exportFolder(target, options, log)));
  return owned;
};

const prepare = async (target: unknown, question: string, options: ServeOptions): Promise<PreparedModel | undefined> => {
  requireTrust();
  const reference = await pickModel(target, options.stores, question);
  return reference && (await prepareModel(reference, options));
};

const runOf = ({ model, interpreter, variables }: PreparedModel, onLine: (line: string) => void): Omit<MlflowRun, 'args'> => ({
  request: { modelUri: model.reference.modelUri, manager: 'local', variables, interpreter, workspaceFolder: model.workspaceFolder },
  allowed: readSetting('mlflow.serving.variables', vscode.Uri.file(model.workspaceFolder)),
  onLine,
  ...(model.store !== undefined && { store: model.store.address }),
});

/** With progress and *Cancel*; what mlflow prints goes to the log. */
const withRun = async (
  title: string,
  prepared: PreparedModel,
  log: vscode.OutputChannel,
  work: (run: Omit<MlflowRun, 'args'>, signal: AbortSignal) => Promise<void>,
): Promise<void> => {
  const options = { location: vscode.ProgressLocation.Notification, title: lineText(title), cancellable: true };
  await vscode.window.withProgress(options, async (progress, token) => {
    const onLine = (line: string): void => {
      log.appendLine(line);
      progress.report({ message: lineText(line, 80) });
    };
    await work(runOf(prepared, onLine), toSignal(token));
  });
};

const predict = async (target: unknown, options: ServeOptions, pages: PredictionsPages): Promise<void> => {
  const prepared = await prepare(target, 'Predict with which model?', options);
  if (prepared === undefined) return;
  const filters = { 'CSV with a header, or JSON as a scoring server takes it': ['csv', 'json'] };
  const [input] = (await vscode.window.showOpenDialog({ title: 'Predict on a File', filters })) ?? [];
  if (input === undefined) return;
  const output = predictionsPath(input.fsPath);
  await runAsTask(`Predicting on ${basename(input.fsPath)}`, async (say, signal) => await predictFile(runOf(prepared, say), input.fsPath, output, signal));
  await pages.show({ input: input.fsPath, output });
};

const generateDockerfile = async (target: unknown, options: ServeOptions, log: vscode.OutputChannel): Promise<void> => {
  const prepared = await prepare(target, 'Write the Dockerfile of which model?', options);
  const folder = prepared && (await chooseFolder('Write the Dockerfile Into'));
  if (prepared === undefined || folder === undefined) return;
  const directory = join(folder.fsPath, 'mlflow-dockerfile');
  const args = dockerfileArgs(prepared.model.reference.modelUri, directory);
  await withRun('Writing a Dockerfile', prepared, log, async (run, signal) => await runMlflow({ ...run, args }, signal));
  await vscode.window.showTextDocument(vscode.Uri.file(join(directory, 'Dockerfile')));
};

const buildModelImage = async (target: unknown, options: ServeOptions, log: vscode.OutputChannel): Promise<void> => {
  const engine = findContainerEngine(userEnvironment());
  if (engine === undefined)
    throw new MlflowError('RESOURCE_DOES_NOT_EXIST', 'There is neither docker nor podman on PATH. Install one of them to build images.');
  const prepared = await prepare(target, 'Build a container image of which model?', options);
  const image = prepared && (await askImageName(prepared));
  if (prepared === undefined || image === undefined) return;
  const folder = await mkdtemp(join(tmpdir(), 'mlflow-image-'));
  try {
    await withRun(`Building ${image} with ${engine}`, prepared, log, async (run, signal) => await buildImage(run, { engine, image, folder }, signal));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const copy = 'Copy Command That Runs It';
  if ((await sayInformation(`Built the image ${image}.`, copy)) === copy) await vscode.env.clipboard.writeText(runImageText(engine, image));
};

const askImageName = async ({ model }: PreparedModel): Promise<string | undefined> =>
  await vscode.window.showInputBox({
    title: 'Build Container Image',
    prompt: 'Name of the image, with a tag if you like',
    value: imageNameFor(model.label),
    validateInput: whyNoImageName,
  });

const exportFolder = async (target: unknown, options: ServeOptions, log: vscode.OutputChannel): Promise<void> => {
  const prepared = await prepare(target, 'Export which model?', options);
  const folder = prepared && (await chooseFolder('Export Into'));
  if (prepared === undefined || folder === undefined) return;
  const directory = join(folder.fsPath, lineText(prepared.model.label).replaceAll(/[^\w.@-]+/g, '-'));
  const args = exportArgs(prepared.model.reference.modelUri, directory);
  await withRun(`Exporting ${prepared.model.label}`, prepared, log, async (run, signal) => await runMlflow({ ...run, args }, signal));
  await vscode.commands.executeCommand('revealInExplorer', vscode.Uri.file(directory));
};

const chooseFolder = async (title: string): Promise<vscode.Uri | undefined> =>
  (await vscode.window.showOpenDialog({ title, openLabel: 'Choose', canSelectFiles: false, canSelectFolders: true }))?.[0];
