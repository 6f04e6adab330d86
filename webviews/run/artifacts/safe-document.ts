import DOMPurify from 'dompurify';

export interface SafeDocument {
  readonly html: string;
  readonly hadScripts: boolean;
}

const forbiddenTags = [
  'audio',
  'base',
  'button',
  'embed',
  'form',
  'frame',
  'iframe',
  'input',
  'link',
  'math',
  'meta',
  'object',
  'select',
  'svg',
  'textarea',
  'video',
];

/** A picture inside the page itself; an SVG could ask for others. */
const innerPicture = /^data:image\/(?:png|jpeg|gif|webp);base64,[a-z\d+/=\s]*$/i;

/**
 * An HTML page that others wrote, with all taken out that could run, be sent or be fetched. Its styles are kept: they
 * are put into one sheet with our nonce, as the page's policy wants it. The frame and the policy would stop what is taken out here, too.
 */
export const toSafeDocument = (html: string, nonce: string): SafeDocument => {
  const rules: string[] = [];
  const page = DOMPurify.sanitize(quieten(html, rules), { WHOLE_DOCUMENT: true, RETURN_DOM: true, FORBID_TAGS: forbiddenTags });
  for (const [index, element] of [...page.querySelectorAll<HTMLElement>('[data-inline-style]')].entries()) {
    rules.push(`[data-rule="${index}"]{${element.dataset['inlineStyle']?.replaceAll(/[{}]/g, '') ?? ''}}`);
    delete element.dataset['inlineStyle'];
    element.dataset['rule'] = String(index);
  }
  for (const element of page.querySelectorAll('*')) withoutAddresses(element);
  const sheet = safeCss(`:root{color-scheme:light;background:Canvas;color:CanvasText}\n${rules.join('\n')}`);
  const body = page.querySelector('body')?.outerHTML ?? '';
  return { html: `<!DOCTYPE html><html><head><style nonce="${nonce}">${sheet}</style></head>${body}</html>`, hadScripts: /<script\b/i.test(html) };
};

/**
 * Style sheets are set aside, and attributes renamed that a browser acts on, or complains of, while it reads them into
 * a document. What this misses is taken out all the same: it only keeps the console quiet.
 */
const quieten = (html: string, rules: string[]): string =>
  html
    .replaceAll(/<style\b[^>]*>([\s\S]*?)<\/style\s*>/gi, (_, css: string) => (rules.push(css), ''))
    .replaceAll(/<[a-z][^>]*/gi, (tag) =>
      tag
        .replace(/^<base\b/i, '<x-base')
        .replaceAll(/([\s"'/])style(\s*=)/gi, '$1data-inline-style$2')
        .replaceAll(/([\s"'/])on\w+(\s*=)/gi, '$1data-off$2'),
    );

/** Links lead nowhere, since a frame follows them by itself. */
const withoutAddresses = (element: Element): void => {
  for (const name of ['data-off', 'href', 'xlink:href', 'srcset', 'background', 'poster', 'action', 'ping', 'cite', 'longdesc']) element.removeAttribute(name);
  const source = element.getAttribute('src');
  if (source !== null && !(element.tagName === 'IMG' && innerPicture.test(source))) element.removeAttribute('src');
};

/** No addresses, and no end of the sheet. */
const safeCss = (css: string): string =>
  css
    .replaceAll(/<\/?style|<!--|\\/gi, ' ')
    .replaceAll(/@import[^;{}]*;?/gi, '')
    .replaceAll(/(?:url|image-set)\s*\([^)]*\)?/gi, 'none');
