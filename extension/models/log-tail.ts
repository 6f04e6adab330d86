import { StringDecoder } from 'node:string_decoder';

import { withoutSecrets } from '../shared/without-secrets.ts';

/** Characters that are kept of what a server prints. */
const longest = 40_000;
/** Colours, movements, titles: nothing that a page could show. */
const escapes = /\u001B(?:\[[\d;?]*[ -/]*[@-~]|[\]PX^_][^\u0007\u001B]*(?:\u0007|\u001B\\)|[@-Z\\-_])/g;
const controls = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g;

/** The end of a log as plain text, fit to be shown. */
export class LogTail {
  readonly #decoder = new StringDecoder('utf8');
  #text = '';

  /** Hands back all that is kept. */
  push(chunk: Buffer): string {
    const all = this.#text + this.#decoder.write(chunk);
    this.#text = all.length > longest ? all.slice(all.indexOf('\n', all.length - longest) + 1) : all;
    return withoutSecrets(this.#text.replaceAll('\r\n', '\n').replaceAll(escapes, '').replaceAll(controls, ''));
  }
}
