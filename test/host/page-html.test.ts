import { expect, test } from 'vitest';

import { pageHtml } from '../../extension/host/page-html.ts';

const html = pageHtml({ nonce: 'n0nce', cspSource: 'https://own.example', script: 'https://own.example/page.js', style: 'https://own.example/page.css' });

test('a page may load nothing but what is ours', () => {
  const policy = /content="([^"]+)"/.exec(html)?.[1]?.split('; ');
  expect(policy).toEqual([
    "default-src 'none'",
    "script-src 'nonce-n0nce'",
    "style-src https://own.example 'nonce-n0nce'",
    'font-src https://own.example',
    'img-src https://own.example blob: data:',
    "connect-src 'none'",
    "form-action 'none'",
    "base-uri 'none'",
    "frame-src 'none'",
  ]);
});

test('scripts carry the nonce, and nothing stands inline', () => {
  expect([...html.matchAll(/<script\b[^>]*>/g)].map(([tag]) => tag)).toEqual(['<script type="module" nonce="n0nce" src="https://own.example/page.js">']);
  expect(html).not.toMatch(/\son\w+=|style=|unsafe/);
});
