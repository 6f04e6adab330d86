import {
  installedPackagesRequest,
  modelMeaningRequest,
  storeNamesRequest,
  type InstalledPackage,
  type LspRequest,
  type ModelMeaning,
  type StoreNames,
} from '../schemas/lsp-protocol.ts';

/** Sends a request to the host. */
export type AskHost = <Parameters, Result>(request: LspRequest<Parameters, Result>, parameters: Parameters) => Promise<Result>;

interface Pending {
  readonly answered: Promise<void>;
  readonly since: number;
}

interface Answer {
  readonly value: unknown;
  readonly time: number;
}

/** ms for which an answer is taken for current. */
const freshness = 30_000;
/** ms that completion waits for the first answer to a question: a list without it would be wrong, and is not asked for again by itself. */
const patience = 1000;
const hoverPatience = 1500;

/**
 * What the host knows of the store and the Python of a folder. Answers are kept: an old one is handed out at once while a
 * new one is on its way. A host that does not answer, or is slow, costs a moment once.
 */
export class LiveStore {
  readonly #ask: AskHost | undefined;
  readonly #answers = new Map<string, Answer>();
  readonly #pending = new Map<string, Pending>();

  constructor(ask?: AskHost) {
    this.#ask = ask;
  }

  /** Whether something is on its way: completion that was given meanwhile is incomplete. */
  get isWaiting(): boolean {
    return this.#pending.size > 0;
  }

  async names(document: string): Promise<StoreNames | undefined> {
    return (await this.#answer(storeNamesRequest, { document }, patience)) ?? undefined;
  }

  async packages(document: string): Promise<readonly InstalledPackage[]> {
    return (await this.#answer(installedPackagesRequest, { document }, patience)) ?? [];
  }

  /** `null`: the store has no such model; `undefined`: not known. */
  async meaning(document: string, uri: string): Promise<ModelMeaning | null | undefined> {
    return this.#answer(modelMeaningRequest, { document, uri }, hoverPatience);
  }

  /** Asked for before anyone needs it. */
  prepare(document: string): void {
    void this.#refresh(storeNamesRequest, { document });
  }

  /** Answers are handed out once more while new ones are fetched. */
  changed(): void {
    for (const [key, { value }] of this.#answers) this.#answers.set(key, { value, time: 0 });
  }

  async #answer<Parameters, Result>(request: LspRequest<Parameters, Result>, parameters: Parameters, wait: number): Promise<Result | undefined> {
    const key = keyOf(request, parameters);
    const known = this.#answers.get(key);
    if (known === undefined || Date.now() - known.time > freshness) {
      const { answered, since } = this.#refresh(request, parameters);
      // One wait for each question, whoever asks it how often.
      if (known === undefined) await atMost(answered, since + wait - Date.now());
    }
    return this.#answers.get(key)?.value as Result | undefined;
  }

  #refresh<Parameters, Result>(request: LspRequest<Parameters, Result>, parameters: Parameters): Pending {
    const key = keyOf(request, parameters);
    const pending = this.#pending.get(key) ?? { answered: this.#askAnew(key, request, parameters), since: Date.now() };
    if (this.#ask !== undefined) this.#pending.set(key, pending);
    return pending;
  }

  async #askAnew<Parameters, Result>(key: string, request: LspRequest<Parameters, Result>, parameters: Parameters): Promise<void> {
    try {
      if (this.#ask !== undefined) this.#keep(key, await this.#ask(request, parameters));
    } catch {
      // The host has logged why. What is known stays; it is asked again.
    } finally {
      this.#pending.delete(key);
    }
  }

  /** That there is no store yet is no answer to rely on: the next one who needs it asks again. */
  #keep(key: string, value: unknown): void {
    this.#answers.set(key, { value, time: value === null ? 0 : Date.now() });
  }
}

const keyOf = ({ method }: { readonly method: string }, parameters: unknown): string => `${method} ${JSON.stringify(parameters)}`;

const atMost = async (coming: Promise<void>, milliseconds: number): Promise<void> => {
  if (milliseconds <= 0) return;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([coming, over]);
  clearTimeout(timer);
};
