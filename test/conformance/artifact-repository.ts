import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { beforeEach, describe, expect, test } from 'vitest';

import { createRestArtifactRepository } from '../../extension/artifacts/rest-artifact-repository.ts';
import type { ArtifactRepository, FileInfo } from '../../extension/artifacts/artifact-repository.ts';
import type { HttpClient } from '../../extension/shared/http.ts';
import { createRestTrackingStore } from '../../extension/tracking/rest-tracking-store.ts';
import { asRunId, type RunId } from '../../schemas/ids.ts';

/** A server, and a way to give a run artifacts. */
export interface ArtifactServer {
  readonly http: HttpClient;
  /** Sends bytes to a path below the place of the server's artifacts: `<experiment>/<run>/artifacts/…`, encoded. */
  put(path: string, bytes: Uint8Array): Promise<Response>;
}

const file = (path: string, size: number): FileInfo => ({ path, isDirectory: false, size });
const folder = (path: string): FileInfo => ({ path, isDirectory: true });

/** What every repository of a run's artifacts does, whoever keeps the files. */
export const describeArtifactRepository = (name: string, newServer: () => Promise<ArtifactServer> | ArtifactServer): void => {
  describe(`the artifact repository ${name}`, () => {
    let repository: ArtifactRepository;
    let runId: RunId;
    let upload: (path: string, content: string | Uint8Array) => Promise<void>;

    beforeEach(async () => {
      const server = await newServer();
      const store = createRestTrackingStore(server.http);
      const experimentId = await store.createExperiment({ name: `artifacts ${crypto.randomUUID()}` });
      const { info } = await store.createRun({ experimentId, startTime: 1, tags: [] });
      const root = info.artifactUri.replace(/^mlflow-artifacts:\/*/, '');
      runId = info.runId;
      repository = createRestArtifactRepository(server.http);
      upload = async (path, content) => {
        const response = await server.put(`${root}/${path.split('/').map(encodeURIComponent).join('/')}`, Buffer.from(content));
        expect(response.status, await response.text()).toBe(200);
      };
    });

    const list = (path?: string): Promise<readonly FileInfo[]> => repository.listArtifacts(runId, path);
    const download = async (path: string): Promise<Buffer> => buffer(await repository.downloadArtifact(runId, path));

    test('a run without artifacts, and a folder that is not there, have none', async () => {
      expect(await list()).toEqual([]);
      expect(await list('nothing/here')).toEqual([]);
    });

    test('a folder has its direct children, by their paths from the root', async () => {
      for (const path of ['b.txt', 'a.txt', 'model/MLmodel', 'model/data/x.bin']) await upload(path, path);
      expect(await list()).toEqual([file('a.txt', 5), file('b.txt', 5), folder('model')]);
      expect(await list('model')).toEqual([file('model/MLmodel', 13), folder('model/data')]);
      expect(await list('model/data')).toEqual([file('model/data/x.bin', 16)]);
      expect(await list('a.txt')).toEqual([]);
    });

    test.each(['a b.txt', 'ключ/名前.txt', "it's (1).txt", 'a+b&c=d.txt', '100%.txt', 'a;b,c@d!.txt', '.hidden', '~x'])(
      'the name %j is a name',
      async (path) => {
        await upload(path, path);
        expect((await download(path)).toString()).toBe(path);
        const parent = path.includes('/') ? path.slice(0, path.indexOf('/')) : undefined;
        expect((await list(parent)).map((info) => info.path)).toEqual([path]);
      },
    );

    test('bytes come back as they were sent, none and many of them', async () => {
      const many = randomBytes(5_000_000);
      await upload('none', '');
      await upload('many.bin', many);
      expect((await download('none')).length).toBe(0);
      expect((await download('many.bin')).equals(many)).toBe(true);
      await upload('many.bin', 'replaced');
      expect((await download('many.bin')).toString()).toBe('replaced');
    });

    test('a file that is not there is missing', async () => {
      await expect(download('nothing.txt')).rejects.toMatchObject({ code: 'RESOURCE_DOES_NOT_EXIST' });
    });

    test.each(['..', '../x', 'a/../../x', '/etc/passwd', '%2e%2e/x', '%252e%252e%252fx'])('the path %j is refused', async (path) => {
      await expect(download(path)).rejects.toMatchObject({ code: 'INVALID_PARAMETER_VALUE' });
      await expect(list(path)).rejects.toMatchObject({ code: 'INVALID_PARAMETER_VALUE' });
    });

    test('a run that is not there has no artifacts to list', async () => {
      await expect(repository.listArtifacts(asRunId('none'))).rejects.toMatchObject({ code: 'RESOURCE_DOES_NOT_EXIST' });
      await expect(repository.downloadArtifact(asRunId('none'), 'a.txt')).rejects.toMatchObject({ code: 'RESOURCE_DOES_NOT_EXIST' });
    });
  });
};
