/** Renders media/icon.svg to the PNG that the marketplace needs. Run after changing the drawing. */
import { readFile } from 'node:fs/promises';
import { chromium } from 'playwright-core';

const side = 128;
const browser = await chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
const page = await browser.newPage({ viewport: { width: side, height: side } });
await page.setContent(`<body style="margin:0;background:transparent">${await readFile('media/icon.svg', 'utf8')}</body>`);
await page.screenshot({ path: 'media/icon.png', omitBackground: true });
await browser.close();
