import { z } from 'zod';

/** What a stretch of text looks like: the names are classes of the picture. */
export interface Stretch {
  text: string;
  look: readonly Look[];
}

type Look = 'bold' | 'dim' | 'red' | 'green' | 'yellow';

/** Select Graphic Rendition (ECMA-48, 8.3.117), as far as our programs use it. */
const LOOKS = new Map<string, Look>([
  ['1', 'bold'],
  ['2', 'dim'],
  ['31', 'red'],
  ['32', 'green'],
  ['33', 'yellow'],
]);

const headerOf = z.object({ version: z.literal(2), width: z.number(), height: z.number() });
const eventOf = z.tuple([z.number(), z.literal('o'), z.string()]);

const ESCAPE = '\u001B';

/** The lines of a screen at the end of a recording (asciicast v2); refuses what it would draw wrongly. */
export function screenOf(cast: string): Stretch[][] {
  const [header, ...events] = cast
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  const { width } = headerOf.parse(header);
  const text = events.map((event) => eventOf.parse(event)[2]).join('');
  let look: readonly Look[] = [];
  const stretchesOf = (line: string) => {
    const [plain = '', ...coded] = line.split(`${ESCAPE}[`);
    const stretches: Stretch[] = [{ text: plain, look }];
    for (const part of coded) {
      const [, code, rest = ''] = /^(\d+)m(.*)$/.exec(part) ?? [];
      look = code === '0' ? [] : [...look, lookOf(code)];
      stretches.push({ text: rest, look });
    }
    return stretches.filter((stretch) => stretch.text !== '');
  };
  const lines = text.trimEnd().split('\r\n').map(stretchesOf);
  for (const line of lines) refuseOdd(line.map((stretch) => stretch.text).join(''), width);
  return lines;
}

function lookOf(code = 'nothing that is known'): Look {
  const look = LOOKS.get(code);
  if (!look) throw new RangeError(`a colour that the picture has not: ${code}`);
  return look;
}

function refuseOdd(line: string, width: number): void {
  if (/\p{Cc}/u.test(line)) throw new RangeError(`moves on the screen: ${JSON.stringify(line)}`);
  if (line.length > width) throw new RangeError(`wider than ${width} columns: ${line}`);
}

/** Pixels. An advance of 0.6 of its size is that of the monospaced fonts that systems have. */
const FONT = 13;
const ADVANCE = FONT * 0.6;
const LINE = 19;
const MARGIN = 24;

/** Dark by itself, so that it is the same on light and dark pages; each colour has a contrast of 7 or more. */
const STYLE = `text { font: ${FONT}px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; white-space: pre; fill: #d3dae6 }
.bold { font-weight: 700; fill: #ffffff }
.dim { fill: #a3afc0 }
.red { fill: #ffa8a0 }
.green { fill: #93d8a2 }
.yellow { fill: #ecca86 }`;

/** A recording as a picture whose text can be selected. */
export function pictureOf(cast: string, title: string): string {
  const screen = screenOf(cast);
  const longest = Math.max(...screen.map((line) => line.reduce((sum, { text }) => sum + text.length, 0)));
  const width = Math.ceil(longest * ADVANCE) + 2 * MARGIN;
  const height = screen.length * LINE + 2 * MARGIN;
  const rows = screen.map((line, index) => {
    const y = MARGIN + index * LINE + FONT;
    return line.length === 0 ? '' : `<text x="${MARGIN}" y="${y}">${line.map(spanOf).join('')}</text>\n`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>${escaped(title)}</title>
<style>
${STYLE}
</style>
<rect width="${width}" height="${height}" rx="8" fill="#1c222c"/>
${rows.join('')}</svg>
`;
}

const spanOf = ({ text, look }: Stretch) =>
  look.length === 0 ? escaped(text) : `<tspan class="${look.join(' ')}">${escaped(text)}</tspan>`;

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
