/**
 * `npm run docs` writes the second half of docs/language-server.md, every diagnostic with its
 * example, from the table that the server uses and from what the server says about the examples.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Document } from '../language-server/document.ts';
import type { Finding, Fix } from '../language-server/finding.ts';
import type { Rule } from '../language-server/rules/rule.ts';
import { rules } from '../language-server/rules/rules.ts';
import { findingsOf } from '../language-server/verbs/diagnostics.ts';
import { applyFix, documentOf, workspaceOf } from '../test/language-server/support.ts';
import { repository } from './tools.ts';

const page = join(repository, 'docs', 'language-server.md');

/** What stands above it is written by hand. */
const marker = '<!-- What follows is written by scripts/language-server-page.ts. -->';

const table: readonly (readonly [string, Rule])[] = Object.entries(rules);

/** The page as it is, and as it should be. */
export const languageServerPage = async (): Promise<{ readonly current: string; readonly expected: string }> => {
  const current = readFileSync(page, 'utf8');
  const byHand = current.slice(0, current.indexOf(marker));
  const sections = await Promise.all(table.map(async ([code, rule]) => section(code, rule)));
  return { current, expected: [`${byHand}${marker}\n`, overview(), ...sections].join('\n') };
};

const overview = (): string => {
  const rows = table.map(
    ([code, { title, severity, files }]) => `| [${code}](#${code}) | ${title.replaceAll('|', '\\|')} | ${severity} | ${files.join(', ')} |`,
  );
  return ['| code | what | severity | files |', '|---|---|---|---|', ...rows, ''].join('\n');
};

const section = async (code: string, rule: Rule): Promise<string> => {
  const document = documentOf(rule.example, rule.fileName ?? rule.files[0]);
  const found = (await findingsOf(document, workspaceOf(rule.beside))).find((finding) => finding.code === code);
  const example = found === undefined ? [] : exampleBlocks(rule, document, found);
  return [`### ${code}`, `**${rule.title}.** ${rule.why}`, ...example, rule.remedy, ...fixBlocks(document, found?.fixes), ''].join('\n\n').trimEnd() + '\n';
};

const exampleBlocks = ({ fileName, beside = {} }: Rule, document: Document, { message, mlflow }: Finding): readonly string[] => {
  const others = Object.entries(beside).filter(([, text]) => text !== '');
  return [
    ...(fileName === undefined ? [] : [`In a file named \`${fileName}\`:`]),
    fenced(document.text, 'yaml'),
    ...others.flatMap(([name, text]) => [`and \`${name}\` beside it:`, fenced(text, name.endsWith('.py') ? 'python' : 'yaml')]),
    `> ${visible(message)}${mlflow === undefined ? '' : `\n>\n> MLflow: \`${visible(mlflow)}\``}`,
  ];
};

/** The first fix is shown whole, the others by their names. */
const fixBlocks = (document: Document, fixes: readonly Fix[] = []): readonly string[] => {
  const [first, ...others] = fixes;
  if (first === undefined) return [];
  const also = others.length === 0 ? '' : `; also ${others.map(({ title }) => `*${visible(title)}*`).join(', ')}`;
  const isHere = first.edits[document.uri] !== undefined;
  const sentence = `Quick fix *${visible(first.title)}*${also}`;
  return isHere ? [`${sentence}. It makes`, fenced(applyFix(document, first).text, 'yaml')] : [`${sentence}.`];
};

const fenced = (text: string, language: string): string => `\`\`\`${language}\n${visible(text).trimEnd()}\n\`\`\``;

/** Characters that nobody would see are written as their code points; long runs of brackets are shortened. */
const visible = (text: string): string =>
  text
    .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff]/g, (character) => `⟨U+${hexadecimal(character)}⟩`)
    .replaceAll('\t', '⇥')
    .replaceAll(/([[\]{}])\1{20,}/g, '$1$1$1…');

const hexadecimal = (character: string): string => character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');

if (import.meta.main) writeFileSync(page, (await languageServerPage()).expected);
