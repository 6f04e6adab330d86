/** Nothing is allowed but our own script, style, font and pictures made in the page. */
export const pageHtml = ({
  nonce,
  cspSource,
  script,
  style,
}: {
  readonly nonce: string;
  readonly cspSource: string;
  readonly script: string;
  readonly style: string;
}): string => {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource} 'nonce-${nonce}'`,
    `font-src ${cspSource}`,
    // What a `data:` address says is in the address: nothing is fetched.
    `img-src ${cspSource} blob: data:`,
    "connect-src 'none'",
    "form-action 'none'",
    "base-uri 'none'",
    "frame-src 'none'",
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>MLflow</title>
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${style}" nonce="${nonce}" id="vscode-codicon-stylesheet">
</head>
<body>
<div id="root"></div>
<script type="module" nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
};
