import { describe, expect, test } from 'vitest';
import { nodeCommand, run, start, userEnvironment } from '../../extension/shared/process.ts';

const script = (text: string) => ({ file: process.execPath, args: ['-e', text] });

describe('environments', () => {
  test('of programs of the user are without the variables of the editor', () => {
    const environment = { PATH: '/bin', NODE_OPTIONS: '--x', ELECTRON_RUN_AS_NODE: '1', VSCODE_IPC_HOOK: 'x', CODE_SERVER_PARENT_PID: '1', EMPTY: undefined };
    expect(userEnvironment(environment)).toEqual({ PATH: '/bin' });
  });

  test('of programs of ours make Electron a plain Node', () => {
    expect(nodeCommand('server.cjs', ['--x'])).toMatchObject({ file: process.execPath, args: ['server.cjs', '--x'], env: { ELECTRON_RUN_AS_NODE: '1' } });
  });
});

describe('run', () => {
  test('hands back output and exit code, whatever it is', async () => {
    expect(await run(script('console.log("out"); console.error("err"); process.exitCode = 3'))).toEqual({
      code: 3,
      signal: null,
      stdout: 'out\n',
      stderr: 'err\n',
    });
  });

  test('says which program cannot be started', async () => {
    await expect(run({ file: '/no/such/program', args: [] })).rejects.toMatchObject({
      code: 'RESOURCE_DOES_NOT_EXIST',
      message: expect.stringContaining('/no/such/program'),
    });
    await expect(start({ file: '/no/such/program', args: [] }, { streams: ['ignore', 'ignore', 'ignore'] })).rejects.toMatchObject({
      code: 'RESOURCE_DOES_NOT_EXIST',
    });
  });

  test('ends with its signal', async () => {
    const abort = new AbortController();
    const running = run(script('setInterval(() => {}, 1000)'), { signal: abort.signal });
    abort.abort();
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('ends after its time', async () => {
    expect(await run(script('setInterval(() => {}, 1000)'), { timeout: 100 })).toMatchObject({ code: null, signal: 'SIGTERM' });
  });
});
