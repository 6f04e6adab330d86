import type { RunArtifactsProtocol } from '../../../schemas/run-artifacts-protocol.ts';
import type { ArtifactReference } from '../../host/commands.ts';
import type { CreateRunPart } from '../../host/run-part.ts';
import { listForPage, readForPage } from '../../tracking/run-artifacts.ts';
import type { StoreConnections } from '../../tracking/store-connection.ts';
import { parseArtifactFolder } from '../artifact-path.ts';
import { storeOf } from './store-of-run.ts';

/** What commands of the window do with an artifact. */
export interface ArtifactActions {
  act(command: 'open' | 'download' | 'reveal' | 'compare' | 'copyPath', artifact: ArtifactReference): Promise<void>;
  /** Asks whether folders outside that of the store may be read. */
  allowFolders(): Promise<void>;
}

interface Surroundings {
  readonly stores: StoreConnections;
  readonly actions: ArtifactActions;
}

/** Answers the tab *Artifacts*: what is there, its bytes, and what editors and commands do with it. */
export const createRunArtifacts =
  ({ stores, actions }: Surroundings): CreateRunPart<RunArtifactsProtocol> =>
  ({ run }) => {
    const act =
      (command: Parameters<ArtifactActions['act']>[0]) =>
      async ({ path }: { readonly path: string }): Promise<null> => {
        // A page is not trusted with paths: one that leads elsewhere is refused here already.
        await actions.act(command, { run, path: parseArtifactFolder(String(path)).join('/') });
        return null;
      };
    return {
      requests: {
        listArtifacts: async ({ path }, signal) => await listForPage(storeOf(stores, run), run.runId, String(path), signal),
        readArtifact: async (part, signal) => await readForPage(storeOf(stores, run), run.runId, part, signal),
        openArtifact: act('open'),
        downloadArtifact: act('download'),
        revealArtifact: act('reveal'),
        compareArtifact: act('compare'),
        copyArtifactPath: act('copyPath'),
        allowArtifactFolders: async () => (await actions.allowFolders(), null),
      },
      dispose: () => {},
    };
  };
