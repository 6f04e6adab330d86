/** Names as the worst of the logged ones: each is text wherever it is shown, and nothing else. */
export const hostileNames: readonly string[] = [
  '<script>alert(1)</script>',
  '<img src=x onerror="alert(1)"> ![x](https://evil.example/x.png)',
  '[open](command:workbench.action.quit) <https://evil.example>',
  '$(zap) **bold** `code` | cell | # head',
  'https://evil.example/www.evil.example',
  'turned \u202e around\u0007\r\n\u0000second line\n\n- a list',
  '&lt;b&gt; &#60;i&#62; \\<u>',
  '😀👩‍👩‍👧 é',
  'x'.repeat(10_000),
];

/** All of them in one. */
export const hostileText = hostileNames.join(' ');
