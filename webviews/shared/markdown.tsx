import './markdown.css';
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { renderMarkdown } from './render-markdown.ts';

/** What somebody has written, who may be anybody. */
export const Markdown = ({ text }: { readonly text: string }): JSX.Element => {
  const html = useMemo(() => ({ __html: renderMarkdown(text) }), [text]);
  return <div class="markdown" dangerouslySetInnerHTML={html} />;
};
