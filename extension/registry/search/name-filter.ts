/**
 * MLflow's search language knows no escapes: a text with one kind of quotes is put between the other, and of a
 * text with both kinds the single ones become `_`, which stands for any character. Who asks compares what comes.
 */
const quoted = (text: string): { readonly literal: string; readonly isPattern: boolean } => {
  if (!text.includes("'")) return { literal: `'${text}'`, isPattern: false };
  if (!text.includes('"')) return { literal: `"${text}"`, isPattern: false };
  return { literal: `'${text.replaceAll("'", '_')}'`, isPattern: true };
};

/** The model or the versions of this name, and perhaps of others that look much like it. */
export const nameIs = (name: string): string => {
  const { literal, isPattern } = quoted(name);
  return `name ${isPattern ? 'LIKE' : '='} ${literal}`;
};

/** Names that have this text in them, in any case of letters. */
export const nameContains = (text: string): string => `name ILIKE ${quoted(`%${text}%`).literal}`;
