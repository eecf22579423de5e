import type { Mail } from './mail.ts';
import { escapeHtml } from './escape-html.ts';
import { en } from './words/en.ts';
import type { MailWords, Template } from './words/mail-words.ts';
import { th } from './words/th.ts';

const WORDS: Record<'en' | 'th', MailWords> = { en, th };

export interface MailParts {
  template: Template;
  to: string;
  /** The person's language; English for one that has no words. */
  locale: string;
  /** Address of the hub, for the footer. */
  place: string;
  /** What the mail is for: a code in large letters, or a link. */
  code?: string;
  link?: string;
  /** What the words leave open. */
  values?: Record<string, string>;
}

/** A mail as text and as HTML, which say the same. */
export function writeMail({ template, to, locale, place, code, link, values = {} }: MailParts): Mail {
  const language = locale === 'th' ? 'th' : 'en';
  const { footer, [template]: letter } = WORDS[language];
  const said = (words: string) => fill(words, { ...values, place });
  const before = letter.before.map(said);
  const after = letter.after.map(said);
  const middle = code ?? link;
  const text = [...before, ...(middle === undefined ? [] : [middle]), ...after, `-- \n${said(footer)}`];
  return {
    to,
    subject: said(letter.subject),
    text: `${text.join('\n\n')}\n`,
    html: page(language, [
      ...before.map(paragraph),
      ...(code === undefined ? [] : [large(code)]),
      ...(link === undefined ? [] : [anchor(link)]),
      ...after.map(paragraph),
      `<p style="color:#6b6b6b;font-size:14px">${escapeHtml(said(footer))}</p>`,
    ]),
  };
}

const fill = (words: string, values: Record<string, string>) =>
  words.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');

const paragraph = (words: string) => `<p>${escapeHtml(words)}</p>`;
const large = (code: string) =>
  `<p style="font-family:monospace;font-size:32px;letter-spacing:6px">${escapeHtml(code)}</p>`;
const anchor = (link: string) => `<p><a href="${escapeHtml(link)}">${escapeHtml(link)}</a></p>`;

const page = (language: string, body: string[]) =>
  `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"></head>
<body style="font-family:sans-serif;font-size:16px;line-height:1.6;max-width:34em;margin:2em auto;padding:0 1em">
${body.join('\n')}
</body></html>
`;
