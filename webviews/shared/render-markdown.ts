import DOMPurify from 'dompurify';
import MarkdownIt from 'markdown-it';

/** Characters of a note that are read; the rest is in the editor. */
const mostCharacters = 100_000;

const markdown = new MarkdownIt('commonmark', { html: false, linkify: false }).enable(['table', 'strikethrough']);
markdown.validateLink = (address) => /^(?:https?|mailto):/i.test(address.trim());
// A picture would be fetched from wherever the note says: its words and its address are enough.
markdown.renderer.rules['image'] = (tokens, index) => {
  const token = tokens[index];
  return markdown.utils.escapeHtml(`[${token?.content ?? ''}](${String(token?.attrGet('src') ?? '')})`);
};

const allowedTags = [
  'a',
  'b',
  'blockquote',
  'br',
  'code',
  'del',
  'em',
  'h3',
  'h4',
  'h5',
  'h6',
  'hr',
  'li',
  'ol',
  'p',
  'pre',
  's',
  'strong',
  'table',
  'tbody',
  'td',
  'th',
  'thead',
  'tr',
  'ul',
];

/** Markdown that somebody else wrote as HTML that requests nothing and runs nothing; links go to the web and nowhere else. */
export const renderMarkdown = (text: string): string => {
  const html = markdown.render(text.slice(0, mostCharacters));
  // The page has headings of its own above these.
  const below = html.replaceAll(/<(\/?)h([1-6])>/g, (_, end: string, level: string) => `<${end}h${Math.min(6, Number(level) + 2)}>`);
  return DOMPurify.sanitize(below, { ALLOWED_TAGS: allowedTags, ALLOWED_ATTR: ['href', 'start'], ALLOWED_URI_REGEXP: /^(?:https?|mailto):/i });
};
