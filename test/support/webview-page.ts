/** A page of the extension in a real browser, without VS Code: its own HTML and policy, VS Code's colours, a host in the page. */
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';

import { pageHtml } from '../../extension/host/page-html.ts';
import themes from './themes.json' with { type: 'json' };

export type ThemeName = keyof typeof themes;
export const themeNames = Object.keys(themes) as readonly ThemeName[];

const contentTypes: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.css': 'text/css', '.ttf': 'font/ttf', '.html': 'text/html' };

export interface ServedPage {
  /** Folder under webviews/. */
  readonly name: string;
  /** The script that stands in for the host. */
  readonly host: string;
}

const bundle = async ({ name, host }: ServedPage): Promise<ReadonlyMap<string, Uint8Array>> => {
  const { outputFiles } = await build({
    bundle: true,
    write: false,
    outdir: '/',
    platform: 'browser',
    target: 'chrome134',
    format: 'esm',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    entryPoints: { [name]: `webviews/${name}/main.tsx`, host },
    loader: { '.ttf': 'file' },
    assetNames: '[name]',
    splitting: true,
    chunkNames: '[name]-[hash]',
  });
  return new Map(outputFiles.map(({ path, contents }) => [path, contents]));
};

export interface WebviewServer {
  readonly origin: string;
  /** Whether it is an address of the page itself, or of a part that the page loads when it is needed. */
  isOwn(url: string): boolean;
  close(): Promise<void>;
}

/** The page's HTML as the host writes it, with the host's stand-in before the page's own script. */
const htmlOf = (origin: string, name: string): string => {
  const nonce = randomBytes(16).toString('base64');
  const html = pageHtml({ nonce, cspSource: origin, script: `${origin}/${name}.js`, style: `${origin}/${name}.css` });
  return html.replace('<div id="root">', `<script type="module" nonce="${nonce}" src="${origin}/host.js"></script>\n<div id="root">`);
};

export const serveWebview = async (served: ServedPage): Promise<WebviewServer> => {
  const files = new Map([...(await bundle(served)), ['/favicon.ico', new Uint8Array()]]);
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const body = path === '/' ? htmlOf(originOf(server), served.name) : files.get(path);
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': contentTypes[path === '/' ? '.html' : extname(path)] ?? 'text/plain' });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = originOf(server);
  const own = new Set(['/', ...files.keys()].map((path) => origin + path));
  return { origin, isOwn: (url) => own.has(url.replace(/\?.*/, '')), close: () => new Promise((resolve) => server.close(() => resolve())) };
};

const originOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

export interface OpenPage {
  readonly page: Page;
  /** What the browser refused, what the page threw, and what it asked of the network or of whoever looks at it: must stay empty. */
  readonly complaints: readonly string[];
}

export interface ViewOptions {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: ThemeName;
}

export const openWebview = async (
  browser: Browser,
  server: WebviewServer,
  { width = 1200, height = 900, theme = 'dark' }: ViewOptions = {},
): Promise<OpenPage> => {
  const page = await browser.newPage({ viewport: { width, height } });
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.text().includes('Content Security Policy')) complaints.push(message.text());
  });
  // What is made in the page, or says all in its address, is asked of nobody.
  page.on('request', (request) => {
    if (!/^(?:blob|data):/.test(request.url()) && !server.isOwn(request.url())) complaints.push(`asks for ${request.url()}`);
  });
  page.on('popup', (popup) => complaints.push(`opens ${popup.url()}`));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(server.origin);
  await setTheme(page, theme);
  return { page, complaints };
};

/** As VS Code does it: variables on the root, classes on the body. */
export const setTheme = async (page: Page, name: ThemeName): Promise<void> => {
  await page.evaluate(({ bodyClass, variables }) => {
    document.documentElement.removeAttribute('style');
    for (const [variable, value] of Object.entries(variables)) document.documentElement.style.setProperty(variable, value);
    document.body.className = bodyClass;
  }, themes[name]);
};
