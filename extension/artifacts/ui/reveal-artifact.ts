import { fileURLToPath } from 'node:url';
import * as vscode from 'vscode';

import type { ArtifactReference } from '../../host/commands.ts';
import { MlflowError } from '../../shared/errors.ts';
import { splitUri } from '../../shared/uri.ts';
import { resolveLocation } from '../../tracking/artifact-uri.ts';
import type { StoreConnection } from '../../tracking/store-connection.ts';
import { containedPath } from '../artifact-folder.ts';
import { parseArtifactFolder } from '../artifact-path.ts';

/** Shows where an artifact is on this machine: in the explorer when that has it, else in the system's file manager. */
export const revealArtifact = async (store: StoreConnection, { run, path }: ArtifactReference): Promise<void> => {
  const { info } = await store.tracking.getRun(run.runId);
  const root = rootOf(store, info.artifactUri);
  // Our server reads it first: so it is there, and in a folder that may be read.
  await store.artifacts.listArtifacts(run.runId);
  const place = await containedPath(root, parseArtifactFolder(path));
  const uri = vscode.Uri.file(place);
  if (vscode.workspace.getWorkspaceFolder(uri) === undefined) await vscode.commands.executeCommand('revealFileInOS', uri);
  else await vscode.commands.executeCommand('revealInExplorer', uri);
};

const rootOf = ({ address, label }: StoreConnection, artifactUri: string): string => {
  if (address.kind === 'server') throw new MlflowError('NOT_IMPLEMENTED', `The artifacts are with ${label}, not on this machine: download them.`);
  const location = /^[a-z]:[\\/]/i.test(artifactUri) ? artifactUri : resolveLocation(artifactUri, address.path);
  const { scheme } = splitUri(location);
  if (scheme === 'file') return fileURLToPath(location);
  if (scheme === '' || /^[a-z]$/.test(scheme)) return location;
  throw new MlflowError('NOT_IMPLEMENTED', `The artifacts are at ${artifactUri}, not on this machine`);
};
