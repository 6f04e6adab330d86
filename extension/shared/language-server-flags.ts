/** Megabytes; a document that needs more is refused instead of taking the machine down. */
const heapLimit = 512;

/** What Node is told when it starts the language server. */
export const languageServerFlags: readonly string[] = [`--max-old-space-size=${heapLimit}`];
