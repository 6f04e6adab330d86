import { expect, test } from 'vitest';

import type { StoreConnection, StoreState } from '../../extension/tracking/store-connection.ts';
import { contextOfStore, lookOfStore, storeAtHand } from '../../extension/tracking/store-look.ts';

const named: StoreState = { kind: 'failed', message: '.env names this server', needsAgreement: true };
const ready: StoreState = { kind: 'ready' };

const storeOf = (label: string, state: StoreState): StoreConnection =>
  ({ label, state, address: { kind: 'server', url: `https://${label}` } }) as unknown as StoreConnection;

const windowOf = (all: readonly StoreConnection[], folders: Readonly<Record<string, StoreConnection>> = {}) => ({
  all,
  activeFor: () => undefined,
  serverFor: (folder: string) => folders[folder],
});

test('the status bar names the store of the folder at hand, and never one that nobody has agreed to', () => {
  const [asked, other] = [storeOf('named.example.org', named), storeOf('other.example.org', ready)];
  expect(storeAtHand(windowOf([asked, other]), undefined)).toBe(other);
  expect(storeAtHand(windowOf([asked, other], { here: asked }), 'here')).toBe(other);
  expect(storeAtHand(windowOf([asked]), undefined)).toBeUndefined();
  const agreed = storeOf('named.example.org', ready);
  expect(storeAtHand(windowOf([other, agreed], { here: agreed }), 'here')).toBe(agreed);
});

test('a store that nobody has agreed to looks like one that is not connected, and not like one that fails', () => {
  const store = storeOf('named.example.org', named);
  expect(lookOfStore(store)).toMatchObject({ icon: 'debug-disconnect', description: 'not connected' });
  expect(contextOfStore(store)).toBe('store.unconnected.server');
});
