import { expect, test } from 'vitest';

import type { CommandId, RegisterCommand } from '../../extension/host/commands.ts';
import { OnDemand, registerOnDemand } from '../../extension/host/on-demand.ts';

class Part {
  disposals = 0;

  dispose(): void {
    this.disposals++;
  }
}

test('a part is made once, with its first use, and goes with what owns it', async () => {
  let made = 0;
  const onDemand = new OnDemand(async () => {
    made++;
    return new Part();
  });
  expect(made).toBe(0);
  const [one, other] = await Promise.all([onDemand.get(), onDemand.get()]);
  expect(one).toBe(other);
  expect(made).toBe(1);
  onDemand.dispose();
  expect(one.disposals).toBe(1);
});

test('a part that is still being made when its owner goes is disposed of once it is there', async () => {
  const { promise, resolve } = Promise.withResolvers<Part>();
  const onDemand = new OnDemand(async () => await promise);
  const asked = onDemand.get();
  onDemand.dispose();
  const part = new Part();
  resolve(part);
  expect((await asked).disposals).toBe(1);
});

/** Stands for the editor: commands by their ids. */
const newCommands = () => {
  const runs = new Map<CommandId, (...args: readonly unknown[]) => unknown>();
  const register: RegisterCommand = (id, run) => {
    runs.set(id, (...args) => run(...(args as Parameters<typeof run>)));
    return { dispose: () => runs.delete(id) };
  };
  return { register, runs, call: async (id: CommandId, ...args: readonly unknown[]) => await runs.get(id)?.(...args) };
};

test('a command loads its part with its first call, and gets what it was called with', async () => {
  const commands = newCommands();
  const calls: unknown[] = [];
  let loads = 0;
  const part = registerOnDemand(commands.register, ['mlflow.tracking.signIn', 'mlflow.tracking.retryStore'], async (register) => {
    loads++;
    register('mlflow.tracking.signIn', (item) => calls.push(['signIn', item]));
    register('mlflow.tracking.retryStore', (item) => calls.push(['retryStore', item]));
    return new Part();
  });
  expect(loads).toBe(0);
  await Promise.all([commands.call('mlflow.tracking.signIn', 'a row'), commands.call('mlflow.tracking.retryStore', 'another')]);
  expect(calls).toEqual([
    ['signIn', 'a row'],
    ['retryStore', 'another'],
  ]);
  expect(loads).toBe(1);
  part.dispose();
  expect(commands.runs.size).toBe(0);
  expect((await part.get()).disposals).toBe(1);
});

test('a part that cannot be loaded fails the call, and is tried again with the next', async () => {
  const commands = newCommands();
  let loads = 0;
  registerOnDemand(commands.register, ['mlflow.tracking.signIn'], async (register) => {
    if (loads++ === 0) throw new Error('no such file');
    register('mlflow.tracking.signIn', () => {});
    return new Part();
  });
  await expect(commands.call('mlflow.tracking.signIn')).rejects.toThrow('no such file');
  await commands.call('mlflow.tracking.signIn');
  expect(loads).toBe(2);
});

test('what a command of a part throws reaches whoever called it; one that the part forgot is told', async () => {
  const commands = newCommands();
  registerOnDemand(commands.register, ['mlflow.tracking.signIn', 'mlflow.tracking.retryStore'], async (register) => {
    register('mlflow.tracking.signIn', async () => await Promise.reject(new Error('refused')));
    return new Part();
  });
  await expect(commands.call('mlflow.tracking.signIn')).rejects.toThrow('refused');
  await expect(commands.call('mlflow.tracking.retryStore')).rejects.toThrow("No part of the extension has the command 'mlflow.tracking.retryStore'");
});
