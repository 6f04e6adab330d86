import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { PageSignature, PageVersion, RegisteredModelProtocol } from '../../schemas/registered-model-page.ts';
import type { HostClient } from '../shared/host.ts';

/** Undefined until it is known. */
export type SignatureOf = (version: PageVersion) => PageSignature | undefined;

interface Signatures {
  readonly signatureOf: SignatureOf;
  /** Rows that are on screen. */
  lookAt(rows: readonly number[]): void;
}

/** A version's files stay as they are, once it is ready. */
const keyOf = ({ version, createdAt, status }: PageVersion): string => `${version} ${createdAt} ${status}`;

/** Signatures stand in files: those of the versions that are looked at are asked for, once. */
export const useSignatures = (host: HostClient<RegisteredModelProtocol>, versions: readonly PageVersion[]): Signatures => {
  const known = useSignal<ReadonlyMap<string, PageSignature>>(new Map());
  const asked = useRef(new Set<string>());
  const looked = useRef<readonly number[]>([]);

  const ask = async (): Promise<void> => {
    const news = looked.current.flatMap((row) => versions[row] ?? []).filter((version) => !asked.current.has(keyOf(version)));
    const keys = new Map(news.map((version) => [version.version, keyOf(version)]));
    if (keys.size === 0) return;
    for (const key of keys.values()) asked.current.add(key);
    const found = await readFrom(host, [...keys.keys()]);
    known.value = new Map([...known.peek(), ...found.map((one) => [keys.get(one.version) ?? '', one] as const)]);
  };
  // Other versions may have come into the same rows.
  useEffect(() => void ask(), [versions]);

  return {
    signatureOf: (version) => known.value.get(keyOf(version)),
    lookAt: (rows) => {
      looked.current = rows;
      void ask();
    },
  };
};

const readFrom = async (host: HostClient<RegisteredModelProtocol>, versions: readonly number[]): Promise<readonly PageSignature[]> => {
  try {
    return await host.request('signatures', { versions });
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return versions.map((version) => ({ version, text: '', problem }));
  }
};
