/** A command for the terminal itself (clipboard, links, titles, device control), which output of a run has no business to give. */
const terminalCommand = /\u001B[\]PX^_][^\u0007\u001B\u009C]*(?:\u0007|\u001B\\|\u009C)/g;
/** The start of one, or of any other escape sequence, whose rest has not come yet. */
const unfinished = /\u001B(?:[\]PX^_][^\u0007\u001B\u009C]*\u001B?|\[[\d;?]*)?$/;
/** Control characters of the second set, which terminals take for escape sequences too. */
const secondControls = /[\u0080-\u009F]/g;
/** An escape sequence that goes on for longer is none. */
const longestSequence = 4096;

/** Makes a run's output fit for a terminal: colours and movements stay, commands to the terminal go, lines begin at the left. */
export class TerminalText {
  #rest = '';
  #endsWithReturn = false;

  push(text: string): string {
    const known = (this.#rest + text).replaceAll(terminalCommand, '');
    const tail = unfinished.exec(known)?.[0] ?? '';
    this.#rest = tail.length > longestSequence ? '' : tail;
    return this.#withReturns(known.slice(0, known.length - tail.length).replaceAll(secondControls, ''));
  }

  #withReturns(text: string): string {
    if (text === '') return text;
    const isSplitLineEnd = this.#endsWithReturn && text.startsWith('\n');
    this.#endsWithReturn = text.endsWith('\r');
    return isSplitLineEnd ? `\n${withReturns(text.slice(1))}` : withReturns(text);
  }
}

const withReturns = (text: string): string => text.replaceAll(/\r?\n/g, '\r\n');
