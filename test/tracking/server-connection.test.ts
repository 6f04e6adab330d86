import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';

import { fetchClient } from '../../extension/shared/rest-client.ts';
import { headersFor, MlflowCredentials, readCredentials, type Credentials } from '../../extension/tracking/credentials.ts';
import { diagnose } from '../../extension/tracking/rest-diagnosis.ts';
import { KeptCredentials } from '../../extension/tracking/ui/kept-credentials.ts';
import { issued, issuer } from '../support/certificates.ts';
import { selfSigned } from '../support/self-signed.ts';
import { newTempFolder } from '../support/store-database.ts';

const portOf = async (server: Server | TlsServer): Promise<number> => {
  const listening = once(server, 'listening');
  server.listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  await listening;
  return (server.address() as AddressInfo).port;
};

const serve = async (answer: RequestListener): Promise<string> => `http://127.0.0.1:${await portOf(createServer(answer))}`;

const json: RequestListener = (_, response) => void response.setHeader('content-type', 'application/json').end('{"experiments":[]}');
const page =
  (status: number, body: string): RequestListener =>
  (_, response) =>
    void response.writeHead(status, { 'content-type': 'text/html' }).end(body);

describe('A connection is diagnosed:', () => {
  const of = async (url: string, workspace?: string) => diagnose({ url, ...(workspace !== undefined && { workspace }) }, {});

  test('MLflow answers', async () => {
    expect(await of(await serve(json))).toMatchObject({ kind: 'ok' });
  });

  test('nothing listens', async () => {
    const port = await portOf(createServer(json));
    const server = createServer(json);
    const free = await portOf(server);
    server.close();
    await once(server, 'close');
    expect(free).not.toBe(port);
    expect(await of(`http://127.0.0.1:${free}`)).toMatchObject({ kind: 'refused', cause: `Nothing listens at 127.0.0.1:${free}.` });
  });

  test('there is no such host', async () => {
    expect(await of('http://no-such-host.invalid')).toMatchObject({ kind: 'unknownHost', cause: 'There is no host no-such-host.invalid.' });
  });

  test('the certificate is not trusted', async () => {
    const port = await portOf(createTlsServer(selfSigned, json));
    expect(await of(`https://127.0.0.1:${port}`)).toMatchObject({ kind: 'tls', cause: expect.stringContaining('self-signed') });
  });

  test('the certificate is of a known issuer, and is over, not yet valid, or of somebody else; or TLS itself is too old', async () => {
    const known = getCACertificates('default');
    setDefaultCACertificates([...known, issuer]);
    onTestFinished(() => setDefaultCACertificates(known));
    const secure = async (options: ServerOptions) => of(`https://127.0.0.1:${await portOf(createTlsServer(options, json))}`);
    expect(await secure(issued.good)).toMatchObject({ kind: 'ok' });
    const cause = (text: string) => ({ kind: 'tls', cause: expect.stringContaining(text) });
    expect(await secure(issued.expired)).toMatchObject({ ...cause('has expired'), advice: expect.stringMatching(/^Renew it/) });
    expect(await secure(issued.young)).toMatchObject({ ...cause('is not valid yet'), advice: expect.stringMatching(/clock/) });
    expect(await secure(issued.other)).toMatchObject({ ...cause('is for another name'), advice: expect.stringMatching(/for 127\.0\.0\.1\.$/) });
    const old = { ...issued.good, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    expect(await secure(old)).toMatchObject({ ...cause('1.1 and older'), advice: expect.stringContaining('TLS 1.2') });
    const url = `https://127.0.0.1:${await portOf(createTlsServer(old, json))}`;
    await expect(fetchClient(url).json({ method: 'GET', path: '/' })).rejects.toThrow(/^The server does not answer: tlsv1 alert protocol version$/);
  });

  test('https and http are mixed up', async () => {
    const plain = await serve(json);
    expect(await of(plain.replace('http:', 'https:'))).toMatchObject({ kind: 'scheme', advice: expect.stringContaining(plain) });
    const port = await portOf(createTlsServer(selfSigned, json));
    expect(await of(`http://127.0.0.1:${port}`)).toMatchObject({ kind: 'scheme', advice: expect.stringContaining(`https://127.0.0.1:${port}`) });
    const redirect = await serve((request, response) => void response.writeHead(301, { location: `https://${request.headers.host}/` }).end());
    expect(await of(redirect)).toMatchObject({ kind: 'scheme' });
  });

  test('it asks who we are, or forbids it', async () => {
    expect(await of(await serve(page(401, 'who?')))).toMatchObject({ kind: 'credentials' });
    expect(await of(await serve(page(403, 'no')))).toMatchObject({ kind: 'forbidden' });
    expect(await of(await serve(page(407, 'and you?')))).toMatchObject({ kind: 'proxy', cause: 'The proxy asks who you are (407).' });
  });

  test('its check of hosts refuses us, and the option is named', async () => {
    const url = await serve((_, response) => void response.writeHead(403).end('Invalid Host header - possible DNS rebinding attack detected'));
    expect(await of(url)).toMatchObject({ kind: 'host', advice: expect.stringContaining(`--allowed-hosts "${new URL(url).host}"`) });
  });

  test('a page to sign in on answers', async () => {
    expect(await of(await serve(page(200, '<title>Log in to ACME</title>')))).toMatchObject({
      kind: 'login',
      cause: expect.stringContaining('Log in to ACME'),
    });
    const sso = await serve((_, response) => void response.writeHead(302, { location: 'https://sso.example.org/start?secret=1' }).end());
    expect(await of(sso)).toMatchObject({ kind: 'login', cause: expect.stringMatching(/https:\/\/sso\.example\.org\/start \(302\)/) });
  });

  test('the prefix is wrong, and the right one is found', async () => {
    const below = await serve((request, response) =>
      request.url?.startsWith('/api/') ? json(request, response) : page(200, '<title>MLflow</title>')(request, response),
    );
    expect(await of(`${below}/experiments/1`)).toMatchObject({ kind: 'prefix', advice: `Use ${below} in the setting mlflow.stores.` });
    const above = await serve((request, response) =>
      request.url?.startsWith('/mlflow/api/') ? json(request, response) : page(404, 'none')(request, response),
    );
    expect(await of(above)).toMatchObject({ kind: 'prefix', advice: `Use ${above}/mlflow in the setting mlflow.stores.` });
    expect(await of(await serve(page(404, 'none')))).toMatchObject({ kind: 'prefix', cause: expect.stringContaining('404') });
  });

  test('it is too old, away, or broken', async () => {
    const old = await serve((request, response) =>
      request.url?.includes('/experiments/list') ? json(request, response) : page(404, 'none')(request, response),
    );
    expect(await of(old)).toMatchObject({ kind: 'old', cause: expect.stringContaining('older than 1.28') });
    const other = await serve((request, response) => (request.url === '/version' ? void response.end('1.29.0') : page(404, 'none')(request, response)));
    expect(await of(other)).toMatchObject({ kind: 'old', cause: expect.stringContaining('MLflow 1.29.0'), advice: expect.stringContaining('2.0 or newer') });
    expect(await of(await serve(page(503, 'later')))).toMatchObject({ kind: 'noAnswer' });
    expect(await of(await serve((_, response) => void response.writeHead(500).end('boom')))).toMatchObject({
      kind: 'broken',
      cause: expect.stringContaining('boom'),
    });
  });

  test('there are no workspaces, or not this one', async () => {
    let info = '{"workspaces_enabled":true}';
    const url = await serve((request, response) => {
      if (request.url?.endsWith('/server-info') === true) return void response.end(info);
      const isKnown = [undefined, 'team-a'].includes(request.headers['x-mlflow-workspace']?.toString());
      return isKnown ? json(request, response) : void response.writeHead(404).end('{"error_code":"RESOURCE_DOES_NOT_EXIST"}');
    });
    expect(await of(url, 'team-a')).toMatchObject({ kind: 'ok' });
    expect(await of(url, 'team-b')).toMatchObject({ kind: 'workspace', cause: expect.stringContaining('404 for team-b') });
    info = '{"workspaces_enabled":false}';
    expect(await of(url, 'team-a')).toMatchObject({ kind: 'workspace', advice: expect.stringContaining('Take ?workspace=team-a out') });
    expect(await of(url)).toMatchObject({ kind: 'ok' });
  });

  test('a server that never answers can be given up', async () => {
    const controller = new AbortController();
    const url = await serve(() => controller.abort(new Error('given up')));
    await expect(diagnose({ url }, {}, controller.signal)).rejects.toThrow('given up');
  });
});

describe('Credentials', () => {
  const basic: Credentials = { kind: 'basic', user: 'ada', password: 'pä:ss' };
  const keep = (origin: string, credentials: Credentials) => ({ of: async (asked: string) => (asked === origin ? credentials : undefined) });
  const nobody = { of: async () => undefined };
  const origin = 'https://one.example';

  const newHome = async (text: string): Promise<string> => {
    const home = newTempFolder();
    await mkdir(join(home, '.mlflow'));
    await writeFile(join(home, '.mlflow', 'credentials'), text);
    return home;
  };

  test('are sent to the server that they were given for, and to no other', async () => {
    const none = new MlflowCredentials({}, newTempFolder());
    const kept = keep('https://one.example', basic);
    expect(await headersFor('https://one.example/mlflow', kept, none)).toEqual({ authorization: `Basic ${Buffer.from('ada:pä:ss').toString('base64')}` });
    for (const other of ['https://two.example', 'http://one.example', 'https://one.example:8443']) expect(await headersFor(other, kept, none)).toEqual({});
    expect(await headersFor('https://one.example', keep('https://one.example', { kind: 'bearer', token: 't' }), none)).toEqual({ authorization: 'Bearer t' });
  });

  test("of MLflow's variables go to the server that MLFLOW_TRACKING_URI names, or where a person says so", async () => {
    const environment = { MLFLOW_TRACKING_URI: 'https://one.example/x', MLFLOW_TRACKING_TOKEN: 'secret' };
    const mlflow = new MlflowCredentials(environment, newTempFolder());
    expect(await headersFor('https://one.example', nobody, mlflow)).toEqual({ authorization: 'Bearer secret' });
    expect(await headersFor('https://two.example', nobody, mlflow)).toEqual({});
    expect(await headersFor('https://two.example', keep('https://two.example', { kind: 'mlflow' }), mlflow)).toEqual({ authorization: 'Bearer secret' });
  });

  test('in MLFLOW_TRACKING_URI itself are for its server alone', async () => {
    const mlflow = new MlflowCredentials({ MLFLOW_TRACKING_URI: 'https://ada:p%40ss@one.example/x', MLFLOW_TRACKING_TOKEN: 'secret' }, newTempFolder());
    expect(await headersFor('https://one.example', nobody, mlflow)).toEqual({ authorization: `Basic ${btoa('ada:p@ss')}` });
    expect(await headersFor('https://two.example', keep('https://two.example', { kind: 'mlflow' }), mlflow)).toEqual({ authorization: 'Bearer secret' });
  });

  test('of ~/.mlflow/credentials are read by its rules', async () => {
    const home = await newHome('[other]\nmlflow_tracking_username = eve\n[mlflow]\nmlflow_tracking_username = ada\nmlflow_tracking_password = p=w\n');
    expect(await new MlflowCredentials({}, home).read(origin)).toEqual({ kind: 'basic', user: 'ada', password: 'p=w' });
    expect(await new MlflowCredentials({ MLFLOW_TRACKING_USERNAME: 'bob', MLFLOW_TRACKING_TOKEN: 't' }, home).read(origin)).toEqual({
      kind: 'basic',
      user: 'bob',
      password: 'p=w',
    });
    expect(await new MlflowCredentials({}, newTempFolder()).read(origin)).toBeUndefined();
  });

  test('are kept as secrets of the editor, one for each origin, and forgotten on demand', async () => {
    const secrets = new Map<string, string>();
    const storage = {
      get: async (key: string) => secrets.get(key),
      store: async (key: string, value: string) => void secrets.set(key, value),
      delete: async (key: string) => void secrets.delete(key),
    };
    const kept = new KeptCredentials(storage as never);
    await kept.keep('https://one.example', basic);
    await kept.keep('https://two.example', { kind: 'bearer', token: 't' });
    expect([...secrets.keys()]).toEqual(['mlflow.credentials:https://one.example', 'mlflow.credentials:https://two.example']);
    expect(await new KeptCredentials(storage as never).of('https://one.example')).toEqual(basic);
    await kept.keep('https://one.example', undefined);
    expect([await kept.of('https://one.example'), await kept.of('https://two.example')]).toEqual([undefined, { kind: 'bearer', token: 't' }]);
  });

  test.each([undefined, '', '{', '7', '{"kind":"basic","user":"a"}', '{"kind":"bearer"}'])('that were kept as %j are none', (text) => {
    expect(readCredentials(text)).toBeUndefined();
  });
});
