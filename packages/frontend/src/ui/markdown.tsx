import { memo, useDeferredValue } from 'react';
import { useTranslation } from 'react-i18next';
import Markdown, { type Components, type ExtraProps } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { CopyButton } from './copy-button.tsx';

type Content = ExtraProps['node'] | NonNullable<ExtraProps['node']>['children'][number];

/** What is written in a part of the document. */
function textIn(node: Content): string {
  if (node?.type === 'text') return node.value;
  return node?.type === 'element' ? node.children.map(textIn).join('') : '';
}

function CodeBlock({ text }: { text: string }) {
  const { t } = useTranslation();
  return (
    <div className="overflow-hidden rounded-lg border border-line">
      <div className="flex justify-end bg-surface p-1">
        <CopyButton text={text} name={t('chat.copyCode')} tone="plain" size="small" />
      </div>
      <pre
        // eslint-disable-next-line jsx-a11y-x/no-noninteractive-tabindex -- what scrolls has to be reachable by keyboard
        tabIndex={0}
        className="overflow-x-auto bg-sunken px-4 py-3 text-sm leading-relaxed focus-visible:-outline-offset-2"
      >
        <code>{text}</code>
      </pre>
    </div>
  );
}

/** Nothing is loaded from where a model says: an image is a link to it, which the reader may follow. */
const COMPONENTS: Components = {
  a: ({ href, children }) => (
    <a href={href} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  ),
  img: ({ src, alt }) =>
    typeof src === 'string' && (
      <a href={src} target="_blank" rel="noopener noreferrer">
        {alt === undefined || alt === '' ? src : alt}
      </a>
    ),
  pre: ({ node }) => <CodeBlock text={textIn(node).replace(/\n$/, '')} />,
  table: ({ children }) => (
    // eslint-disable-next-line jsx-a11y-x/no-noninteractive-tabindex -- what scrolls has to be reachable by keyboard
    <div tabIndex={0} className="overflow-x-auto">
      <table>{children}</table>
    </div>
  ),
  // a task that a model ticked is no control of ours
  input: ({ checked }) => <span aria-hidden="true">{checked ? '☑ ' : '☐ '}</span>,
  // headings of an answer stand below those of the page
  h1: ({ children }) => <h3>{children}</h3>,
  h2: ({ children }) => <h3>{children}</h3>,
  h3: ({ children }) => <h4>{children}</h4>,
};

const PLUGINS = [remarkGfm];

const Formatted = memo(function Formatted({ text }: { text: string }) {
  return (
    <Markdown remarkPlugins={PLUGINS} components={COMPONENTS}>
      {text}
    </Markdown>
  );
});

/** What a model wrote, formatted. HTML in it stays text, and links lead to the web alone (react-markdown's default). */
export function ModelText({ text }: { text: string }) {
  // while text streams in, formatting it waits for the browser to be free
  return (
    <div className="model-text">
      <Formatted text={useDeferredValue(text)} />
    </div>
  );
}
