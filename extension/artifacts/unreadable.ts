import { errorMessage } from '../shared/errors.ts';
import { splitUri } from '../shared/uri.ts';

/** What each scheme of an artifact URI stands for. */
const clouds: Readonly<Record<string, string>> = {
  s3: 'Amazon S3',
  gs: 'Google Cloud Storage',
  wasbs: 'Azure Blob Storage',
  wasb: 'Azure Blob Storage',
  abfss: 'Azure Data Lake Storage',
  dbfs: 'the Databricks file system',
  hdfs: 'HDFS',
  viewfs: 'HDFS',
  r2: 'Cloudflare R2',
  b2: 'Backblaze B2',
  ftp: 'an FTP server',
  sftp: 'an SFTP server',
};

/** Why the artifacts of a run cannot be read, and what would make them readable, in sentences. */
export interface Unreadable {
  readonly message: string;
  readonly advice?: string;
}

export interface UnreadableRun {
  readonly artifactUri: string;
  /** Whether the store is a file or folder of this machine, which our own server reads. */
  readonly isLocal: boolean;
}

export const explainUnreadable = ({ artifactUri, isLocal }: UnreadableRun, error: unknown): Unreadable => {
  const { scheme } = splitUri(artifactUri);
  const cloud = clouds[scheme];
  if (cloud !== undefined && isLocal)
    return {
      message: `The artifacts are in ${cloud}, at ${artifactUri}. This store is read without MLflow's cloud clients, so they cannot be shown from here.`,
      advice: `A tracking server that proxies artifacts makes such places readable: mlflow server --artifacts-destination ${rootOf(artifactUri)}, with its address added as a store.`,
    };
  if (cloud !== undefined)
    return {
      message: `The artifacts are in ${cloud}, at ${artifactUri}, and the server cannot read them: ${errorMessage(error)}`,
      advice: 'The server needs the client library and the credentials of that place, or runs have to be logged through it (mlflow server --serve-artifacts).',
    };
  if (isLocal && (scheme === 'mlflow-artifacts' || scheme === 'http' || scheme === 'https'))
    return {
      message: `The artifacts are with another server, at ${artifactUri}: ${errorMessage(error)}`,
      advice: 'Add that server as a store (MLflow: Open Store…): its runs show their artifacts.',
    };
  return { message: errorMessage(error) };
};

/** The bucket or the file system, below which runs have their folders. */
const rootOf = (artifactUri: string): string => /^[a-z\d+.-]+:\/\/[^/]+/i.exec(artifactUri)?.[0] ?? artifactUri.replace(/^([a-z\d+.-]+:\/*[^/]*).*$/i, '$1');
