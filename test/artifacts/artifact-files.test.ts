import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { request, type IncomingMessage } from 'node:http';
import { fileURLToPath } from 'node:url';

import { describe, expect, onTestFinished, test } from 'vitest';

import { listFolder, openArtifact, refuseFoldedName } from '../../extension/artifacts/artifact-folder.ts';
import { parseArtifactFolder, parseArtifactPath } from '../../extension/artifacts/artifact-path.ts';
import { nodeCommand, run, start } from '../../extension/shared/process.ts';
import { askRaw, type RawReply } from '../support/raw-http.ts';
import { newTempFolder } from '../support/store-database.ts';
import { startTcpServer, type StartedServer } from '../support/tcp-server.ts';

const rounds = 10_000;
const prefix = '/api/2.0/mlflow-artifacts/artifacts';

const ask = (port: number, method: string, path: string, headers: Record<string, string> = {}, body?: string | Uint8Array): Promise<RawReply> =>
  askRaw(port, { method, target: `${prefix}/${path}`, headers, ...(body !== undefined && { body }) });

const newSite = async (): Promise<StartedServer & { readonly outside: string }> => {
  const started = await startTcpServer();
  const outside = join(dirname(started.folder), 'outside');
  mkdirSync(outside);
  writeFileSync(join(outside, 'secret.txt'), 'secret');
  return { ...started, outside };
};

describe('links', () => {
  test('that lead outside are not followed by any verb, nor shown in lists', async () => {
    const { port, artifacts, outside } = await newSite();
    symlinkSync(outside, join(artifacts, 'link'));
    symlinkSync(join(outside, 'secret.txt'), join(artifacts, 'file.txt'));
    for (const path of ['link/secret.txt', 'file.txt']) expect(await ask(port, 'GET', path)).toMatchObject({ status: 403 });
    expect(await ask(port, 'PUT', 'link/new.txt', {}, 'x')).toMatchObject({ status: 403 });
    expect(await ask(port, 'PUT', 'link/a/b/new.txt', {}, 'x')).toMatchObject({ status: 403 });
    expect(await ask(port, 'DELETE', 'link/secret.txt')).toMatchObject({ status: 403 });
    expect((await askRaw(port, { method: 'GET', target: prefix })).body).toBe('{}');
    expect(readdirSync(outside)).toEqual(['secret.txt']);
  });

  test('are themselves replaced and removed, never what they lead to', async () => {
    const { port, artifacts, outside } = await newSite();
    symlinkSync(join(outside, 'secret.txt'), join(artifacts, 'file.txt'));
    symlinkSync(outside, join(artifacts, 'link'));
    expect(await ask(port, 'PUT', 'file.txt', {}, 'mine')).toMatchObject({ status: 200 });
    expect(await ask(port, 'DELETE', 'link')).toMatchObject({ status: 200 });
    expect(readFileSync(join(artifacts, 'file.txt'), 'utf8')).toBe('mine');
    expect(readFileSync(join(outside, 'secret.txt'), 'utf8')).toBe('secret');
  });

  test('to a neighbour whose name begins alike lead outside; inside they are followed', async () => {
    const { port, artifacts } = await newSite();
    mkdirSync(`${artifacts}-2`);
    writeFileSync(`${artifacts}-2/x.txt`, 'neighbour');
    mkdirSync(join(artifacts, 'real'));
    writeFileSync(join(artifacts, 'real/x.txt'), 'inside');
    symlinkSync(`${artifacts}-2`, join(artifacts, 'near'));
    symlinkSync(join(artifacts, 'real'), join(artifacts, 'here'));
    expect(await ask(port, 'GET', 'near/x.txt')).toMatchObject({ status: 403 });
    expect(await ask(port, 'GET', 'here/x.txt')).toMatchObject({ status: 200, body: 'inside' });
  });

  test('that are swapped while a file is being opened never give what is outside', async () => {
    const root = join(newTempFolder(), 'root');
    const outside = join(dirname(root), 'outside');
    for (const [folder, text] of [
      [join(root, 'real'), 'inside'],
      [outside, 'secret'],
    ] as const) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'x.txt'), text);
    }
    const script = fileURLToPath(new URL('../support/swap-link.ts', import.meta.url));
    const swapper = await start(nodeCommand(script, [join(root, 'real'), outside, join(root, 'link')]), { streams: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => swapper.kill('SIGKILL'));
    await new Promise((resolve) => swapper.stdout?.once('data', resolve));
    const seen = new Set<string>();
    for (let round = 0; round < rounds; round += 1) {
      const opened = await openArtifact(root, parseArtifactPath('link/x.txt')).catch(() => undefined);
      if (opened === undefined) continue;
      seen.add(await opened.handle.readFile('utf8'));
      await opened.handle.close();
    }
    expect([...seen]).toEqual(['inside']);
  });
});

describe('what is no regular file', () => {
  test('is refused at once: a folder, a pipe, a socket', async () => {
    const { port, artifacts } = await newSite();
    mkdirSync(join(artifacts, 'folder'));
    const made = await run({ file: 'mkfifo', args: [join(artifacts, 'pipe')] });
    expect(made.code).toBe(0);
    const socket = createServer().listen(join(artifacts, 'socket'));
    onTestFinished(() => void socket.close());
    for (const name of ['folder', 'pipe', 'socket']) expect.soft(await ask(port, 'GET', name), name).toMatchObject({ status: 400 });
    expect(await ask(port, 'PUT', 'folder', {}, 'x')).toMatchObject({ status: 400 });
    expect(JSON.parse((await askRaw(port, { method: 'GET', target: prefix })).body)).toEqual({ files: [{ path: 'folder', is_dir: true }] });
  });

  test.runIf(process.platform !== 'win32')('is refused too when it is a device', async () => {
    await expect(openArtifact('/dev', parseArtifactPath('null'))).rejects.toThrow("Artifact path refers to no regular file: 'null'");
    expect(await listFolder('/dev', parseArtifactFolder(undefined))).not.toContainEqual(expect.objectContaining({ path: 'null' }));
  });

  test('a file is no folder', async () => {
    const { port } = await newSite();
    expect(await ask(port, 'PUT', 'a', {}, 'x')).toMatchObject({ status: 200 });
    expect(await ask(port, 'PUT', 'a/b', {}, 'x')).toMatchObject({ status: 400, body: expect.stringContaining("'a' is a file") });
    expect(await ask(port, 'PUT', 'a/b/c', {}, 'x')).toMatchObject({ status: 400 });
    expect(await ask(port, 'GET', 'a')).toMatchObject({ body: 'x' });
  });
});

describe('names', () => {
  test('that differ in letter case or Unicode form are two files, or the second is refused where the file system folds them', async () => {
    const { port, artifacts } = await newSite();
    const names = [
      ['Model', 'model'],
      ['caf\u00e9', 'cafe\u0301'],
    ] as const;
    for (const [first, second] of names) {
      expect(await ask(port, 'PUT', `${encodeURIComponent(first)}/x`, {}, 'first')).toMatchObject({ status: 200 });
      const folds = statSync(join(artifacts, second), { throwIfNoEntry: false }) !== undefined;
      expect(await ask(port, 'PUT', `${encodeURIComponent(second)}/x`, {}, 'second')).toMatchObject({ status: folds ? 409 : 200 });
      expect(readFileSync(join(artifacts, first, 'x'), 'utf8')).toBe('first');
    }
  });

  test.each(['CON', 'nul.txt', 'nul .txt', 'aux.', 'Com1.log', 'LPT9', 'com\u00b9', 'CONIN$', 'a.', 'a ', 'a:b', 'a<b', 'a|b', 'a?b', 'a*b', 'a"b'])(
    'that Windows has not are refused there, by name, and taken elsewhere: %j',
    (name) => {
      expect(() => parseArtifactPath(`folder/${name}/file`, 'win32')).toThrow(`Invalid path: Windows has no file of the name '${name}'`);
      expect(parseArtifactPath(`folder/${name}/file`, 'linux')).toEqual(['folder', name, 'file']);
    },
  );

  test.each(['console.log', 'com10', 'nulls', 'a.b', '.hidden', 'con-1.txt'])(
    'that only look like those of its devices are names on Windows too: %s',
    (name) => {
      expect(parseArtifactPath(name, 'win32')).toEqual([name]);
    },
  );

  test.each(['x%step%0%timestamp%1712345678901%3f0a41c2-1f2e-4b6a-9d51-0e5b7b1b7c11.png', '100%', 'a%20b', '%41', '%e3%ab', '%zz', 'a#b', '%09x'])(
    'with percent signs that hide no way out are names as they are, in every verb and in lists: %s',
    async (name) => {
      const { port, artifacts } = await newSite();
      const encoded = encodeURIComponent(name);
      expect(await ask(port, 'PUT', `images/${encoded}`, {}, 'x')).toMatchObject({ status: 200 });
      expect(readdirSync(join(artifacts, 'images'))).toEqual([name]);
      expect(JSON.parse((await askRaw(port, { method: 'GET', target: `${prefix}?path=images` })).body)).toMatchObject({ files: [{ path: name }] });
      expect(await ask(port, 'GET', `images/${encoded}`)).toMatchObject({ status: 200, body: 'x' });
      expect(await ask(port, 'DELETE', `images/${encoded}`)).toMatchObject({ status: 200 });
    },
  );

  test.each(['.%09./x', '%2e%0a%2e/x', '.%7f./x', 'x/%17', '%252%0ae%2e/x', 'a%2fb', 'a%5cb', 'a%00', 'a%2500', 'f%0aile:/x', '%43%3a'])(
    'that hide a way out from those who decode them once more are refused: %s',
    (name) => {
      expect(() => parseArtifactPath(name)).toThrow('Invalid path');
    },
  );

  test('that are too long for a file system are refused with the limit', () => {
    expect(() => parseArtifactPath('n'.repeat(300))).toThrow('a name in it is longer than 255 bytes');
    expect(() => parseArtifactPath('a/'.repeat(2500))).toThrow('it is longer than 4096 bytes');
  });

  test('a folded name is a conflict', () => {
    expect(() => refuseFoldedName(['Model', 'x'], 'model')).toThrow(expect.objectContaining({ httpStatus: 409 }));
    expect(() => refuseFoldedName(['Model', 'model'], 'model')).not.toThrow();
  });
});

describe('ranges', () => {
  test.each([
    ['bytes=0-3', 206, '0123', 'bytes 0-3/10'],
    ['bytes=4-', 206, '456789', 'bytes 4-9/10'],
    ['bytes=-3', 206, '789', 'bytes 7-9/10'],
    ['bytes=-30', 206, '0123456789', 'bytes 0-9/10'],
    ['bytes=8-99', 206, '89', 'bytes 8-9/10'],
    ['bytes=10-', 416, '', 'bytes */10'],
    ['bytes=5-4', 416, '', 'bytes */10'],
    ['bytes=-0', 416, '', 'bytes */10'],
    ['bytes=0-1,4-5', 416, '', 'bytes */10'],
    ['bytes=-', 416, '', 'bytes */10'],
    ['lines=0-1', 416, '', 'bytes */10'],
    ['bytes=99999999999999999999-', 416, '', 'bytes */10'],
  ])('%s', async (range, status, body, contentRange) => {
    const { port, artifacts } = await newSite();
    writeFileSync(join(artifacts, 'digits.txt'), '0123456789');
    const reply = await ask(port, 'GET', 'digits.txt', { range });
    expect(reply).toMatchObject({ status, body, headers: { 'content-range': contentRange, 'accept-ranges': 'bytes' } });
  });
});

test.each(['page.html', 'picture.svg', 'script.js', 'page.xhtml', 'page.htm', 'feed.xml'])('%s is a download of bytes that no browser runs', async (name) => {
  const { port, artifacts } = await newSite();
  writeFileSync(join(artifacts, name), '<script>alert(1)</script>');
  expect((await ask(port, 'GET', name)).headers).toMatchObject({
    'content-type': 'application/octet-stream',
    'content-disposition': `attachment; filename="${name}"`,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'",
  });
});

const size = 400 * 1024 * 1024;
const chunk = Buffer.alloc(1024 * 1024, 'abcdefgh');

describe('large files', () => {
  /** Sends 400 MB as fast as they are taken. */
  const upload = (port: number, path: string, watch: () => void): Promise<number> =>
    new Promise((resolve, reject) => {
      const outgoing = request({ host: '127.0.0.1', port, method: 'PUT', path: `${prefix}/${path}`, agent: false }, (reply) =>
        resolve(reply.resume().statusCode ?? 0),
      ).on('error', reject);
      let sent = 0;
      const more = (): void => {
        while (sent < size) {
          watch();
          sent += chunk.length;
          if (!outgoing.write(chunk)) return void outgoing.once('drain', more);
        }
        outgoing.end();
      };
      more();
    });

  const download = (port: number, path: string): Promise<IncomingMessage> =>
    new Promise((resolve, reject) =>
      request({ host: '127.0.0.1', port, path: `${prefix}/${path}`, agent: false }, resolve)
        .on('error', reject)
        .end(),
    );

  test('400 MB go in and out in pieces: the memory does not grow with them', async () => {
    const { port } = await newSite();
    await ask(port, 'PUT', 'warm-up', {}, 'x');
    const before = process.memoryUsage.rss();
    let most = 0;
    const watch = (): void => void (most = Math.max(most, process.memoryUsage.rss() - before));
    expect(await upload(port, 'large.bin', watch)).toBe(200);
    let received = 0;
    for await (const part of await download(port, 'large.bin')) {
      watch();
      received += (part as Buffer).length;
    }
    expect(received).toBe(size);
    expect(most).toBeLessThan(size / 2);
  }, 300_000);

  test('a file that is cut while it is sent breaks the connection: a short reply would look whole', async () => {
    const { port, artifacts } = await newSite();
    writeFileSync(join(artifacts, 'large.bin'), Buffer.alloc(50 * 1024 * 1024));
    const reply = await download(port, 'large.bin');
    expect(reply.headers['content-length']).toBe(String(50 * 1024 * 1024));
    const end = new Promise((resolve) => reply.once('error', resolve).once('end', () => resolve('whole')));
    reply.once('data', () => truncateSync(join(artifacts, 'large.bin'), 1000));
    expect(await end).toMatchObject({ code: 'ECONNRESET' });
  });

  test('a file that is replaced or removed while it is sent is sent as it was', async () => {
    const { port, artifacts } = await newSite();
    writeFileSync(join(artifacts, 'large.bin'), Buffer.alloc(20 * 1024 * 1024, 'a'));
    const reply = await download(port, 'large.bin');
    expect(await ask(port, 'PUT', 'large.bin', {}, 'b')).toMatchObject({ status: 200 });
    expect(await ask(port, 'DELETE', 'large.bin')).toMatchObject({ status: 200 });
    let letters = 0;
    for await (const part of reply) letters += (part as Buffer).filter((byte) => byte === 0x61).length;
    expect(letters).toBe(20 * 1024 * 1024);
  });

  test('two uploads of one file at once leave one of them, whole, and no remains', async () => {
    const { port, artifacts } = await newSite();
    const bodies = ['a', 'b'].map((letter) => letter.repeat(5_000_000));
    for (let round = 0; round < 5; round += 1) {
      const replies = await Promise.all(bodies.map((body) => ask(port, 'PUT', 'same.bin', {}, body)));
      expect(replies.map(({ status }) => status)).toEqual([200, 200]);
      expect(bodies).toContain(readFileSync(join(artifacts, 'same.bin'), 'utf8'));
    }
    expect(readdirSync(artifacts)).toEqual(['same.bin']);
  });

  test('an upload that breaks off leaves the old file and no remains', async () => {
    const { port, artifacts } = await newSite();
    writeFileSync(join(artifacts, 'old.bin'), 'old');
    const outgoing = request({ host: '127.0.0.1', port, method: 'PUT', path: `${prefix}/old.bin`, headers: { 'content-length': '1000000' }, agent: false });
    outgoing.on('error', () => {});
    await new Promise((resolve) => outgoing.write(Buffer.alloc(100_000), resolve));
    await expect.poll(() => readdirSync(artifacts).length).toBe(2);
    outgoing.destroy();
    await expect.poll(() => readdirSync(artifacts)).toEqual(['old.bin']);
    expect(readFileSync(join(artifacts, 'old.bin'), 'utf8')).toBe('old');
  });
});

test('a folder is removed with all that is in it; what is not there is a 404', async () => {
  const { port, artifacts } = await newSite();
  await ask(port, 'PUT', 'run/model/MLmodel', {}, 'x');
  expect(await ask(port, 'DELETE', 'run')).toMatchObject({ status: 200, body: '{}' });
  expect(readdirSync(artifacts)).toEqual([]);
  expect(await ask(port, 'DELETE', 'run')).toMatchObject({ status: 404 });
  rmSync(artifacts, { recursive: true });
  expect(await ask(port, 'GET', 'run')).toMatchObject({ status: 404 });
});
