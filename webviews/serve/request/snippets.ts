import type { ScoringRequest } from '../../../schemas/serve-page.ts';

/** For a POSIX shell. */
export const toCurl = (address: string, { contentType, body }: ScoringRequest): string =>
  [`curl -X POST ${address}/invocations`, `  -H 'Content-Type: ${contentType}'`, `  --data-binary '${body.replaceAll("'", `'\\''`)}'`].join(' \\\n');

export const toPython = (address: string, { contentType, body }: ScoringRequest): string => {
  const url = JSON.stringify(`${address}/invocations`);
  if (contentType !== 'application/json') {
    return `import requests\n\nreply = requests.post(\n    ${url},\n    data=${JSON.stringify(body)}.encode(),\n    headers={"Content-Type": ${JSON.stringify(contentType)}},\n)\nprint(reply.json())\n`;
  }
  return `import requests\n\nreply = requests.post(\n    ${url},\n    json=${pythonLiteral(body)},\n)\nprint(reply.json())\n`;
};

const words: Readonly<Record<string, string>> = { true: 'True', false: 'False', null: 'None' };

/** Texts and numbers are written in JSON as in Python. */
const pythonLiteral = (json: string): string =>
  json.replaceAll(/"(?:[^"\\]|\\.)*"|\b(?:true|false|null)\b/g, (token) => words[token] ?? token.replaceAll('\\/', '/'));
