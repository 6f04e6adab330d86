import { StringDecoder } from 'node:string_decoder';

import { withoutSecrets } from '../shared/without-secrets.ts';

/** Characters that are kept of what a program prints, unless more are asked for. */
const usual = 40_000;
/** Colours, movements, titles: nothing that a page could show. */
const escapes = /\u001B(?:\[[\d;?]*[ -/]*[@-~]|[\]PX^_][^\u0007\u001B]*(?:\u0007|\u001B\\)|[@-Z\\-_])/g;
const controls = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g;

/** The end of a log as plain text, fit to be shown. */
export class LogTail {
  readonly #decoder = new StringDecoder('utf8');
  readonly #longest: number;
  #text = '';
  #isCut = false;

  constructor(longest = usual) {
    this.#longest = longest;
  }

  /** Whether there was more before what is kept. */
  get isCut(): boolean {
    return this.#isCut;
  }

  get text(): string {
    return withoutSecrets(this.#text.replaceAll('\r\n', '\n').replaceAll(escapes, '').replaceAll(controls, ''));
  }

  add(chunk: Uint8Array): void {
    const all = this.#text + this.#decoder.write(chunk);
    const isLonger = all.length > this.#longest;
    this.#isCut ||= isLonger;
    this.#text = isLonger ? all.slice(all.indexOf('\n', all.length - this.#longest) + 1) : all;
  }

  /** Hands back all that is kept. */
  push(chunk: Uint8Array): string {
    this.add(chunk);
    return this.text;
  }
}
