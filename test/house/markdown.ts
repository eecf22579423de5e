/** What a document tells its reader to type, open or follow. */
export interface Document {
  path: string;
  text: string;
}

const FENCE = /^```(\w*)\n([\s\S]*?)^```$/gm;

/** Commands of the blocks marked as shell, continued lines joined, comments left out. */
export function commandsOf(text: string): string[] {
  return [...text.matchAll(FENCE)]
    .filter(([, language]) => language === 'sh' || language === 'bash')
    .flatMap(([, , body = '']) => body.replaceAll('\\\n', ' ').split('\n'))
    .map((line) => line.replace(/\s+#.*$|^#.*$/, '').trim())
    .filter(Boolean);
}

/** The pictures that are drawn from their text. */
export const diagramsOf = (text: string): string[] =>
  [...text.matchAll(FENCE)].filter(([, language]) => language === 'mermaid').map(([, , body = '']) => body);

/** What stands between backticks in running text. */
export function inlineCodeOf(text: string): string[] {
  return [...text.replaceAll(FENCE, '').matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
}

/** Targets of links and pictures, without the web's. */
export function linksOf(text: string): string[] {
  return [...text.replaceAll(FENCE, '').matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^(https?:|mailto:)/.test(target));
}

/** The anchors that GitHub gives to the headings. */
export function anchorsOf(text: string): string[] {
  return [...text.replaceAll(FENCE, '').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** The rows of the first table below a heading, cell by cell, without its head. */
export function tableOf(text: string, heading: string): string[][] {
  const [, after = ''] = text.split(`\n${heading}\n`);
  const lines = after.slice(after.indexOf('\n|') + 1).split('\n');
  const end = lines.findIndex((line) => !line.startsWith('|'));
  return lines.slice(2, end === -1 ? undefined : end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** The body of the first block in this language. */
export function blockOf(text: string, language: string): string {
  return [...text.matchAll(FENCE)].find(([, name]) => name === language)?.[2] ?? '';
}
