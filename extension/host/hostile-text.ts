/** Names come from files and servers that others wrote: these make them safe for one place each. */

const control = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;
/** Marks that reorder what stands around them on the same line. */
const direction = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

/**
 * VS Code reads `[text](command:…)` in notifications, progress and prompts as a link, and knows no way to escape it: a space without width keeps
 * the two apart.
 */
export const withoutLinks = (text: string): string => text.replaceAll('](', ']\u200B(');

const plainLine = (text: string, limit = 200): string => {
  const line = text
    .slice(0, limit * 4)
    .replace(control, ' ')
    .replace(direction, '')
    .trim();
  const characters = [...line];
  return characters.length > limit ? `${characters.slice(0, limit - 1).join('')}…` : line;
};

/** One line of plain text, at most `limit` characters, for labels and messages. */
export const lineText = (text: string, limit?: number): string => withoutLinks(plainLine(text, limit));

/** For labels that render `$(icon)`: quick picks and the status bar. */
export const iconSafeText = (text: string, limit?: number): string => lineText(text, limit).replaceAll('$(', '\\$(');

/** For Markdown: nothing but letters, digits and spaces is left as it is, so no syntax can form. */
export const markdownText = (text: string, limit?: number): string =>
  plainLine(text, limit).replace(/[^\p{L}\p{M}\p{N} ]/gu, (character) => `&#${character.codePointAt(0)};`);
