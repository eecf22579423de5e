import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { linksOf } from './markdown.ts';
import { pictureOf, screenOf } from './terminal-picture.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

const TITLE = 'hubctl plan shows what differs on a host, and hubctl apply mends it';

const cast = (...texts: string[]) =>
  [{ version: 2, width: 20, height: 2 }, ...texts.map((text) => [0, 'o', text])]
    .map((line) => JSON.stringify(line))
    .join('\n');

describe('the picture of plan and apply', () => {
  const recording = read('docs/images/host.cast');
  const lines = screenOf(recording).map((line) => line.map(({ text }) => text).join(''));

  it('is drawn from the recording (written with vitest --update), and shown by the README', async () => {
    await expect(pictureOf(recording, TITLE)).toMatchFileSnapshot(join(ROOT, 'docs/images/host.svg'));
    expect(linksOf(read('README.md'))).toContain('docs/images/host.svg');
    const [, width] = /<svg [^>]*width="(\d+)"/.exec(read('docs/images/host.svg')) ?? [];
    expect(Number(width)).toBeLessThanOrEqual(900);
  });

  it('shows resources that a host has, as hubctl calls them today', () => {
    const shown = lines.filter((line) => /^ {2}\S.* \((safe|restart|connectivity|data)\)$/.test(line));
    const known = read('infrastructure/test/golden/debian-12.txt').split('\n');
    expect(shown.length).toBeGreaterThan(3);
    expect(shown.filter((line) => !known.includes(`# ${line.trim()}`))).toEqual([]);
  });

  it('shows a plan, its hash given to apply, and then nothing to do', () => {
    const [, hash = ''] = /, plan ([0-9a-f]{12})$/m.exec(lines.join('\n')) ?? [];
    expect(lines).toContain(`$ npx hubctl apply --confirm ${hash}`);
    expect(lines.at(-1)).toMatch(/^✓ \S+: nothing to do$/);
  });
});

describe('a recording', () => {
  it('is read with its looks, over the ends of lines too', () => {
    expect(screenOf(cast('a \u001B[1m\u001B[31mb\r\nc', '\u001B[0m d\r\n'))).toEqual([
      [
        { text: 'a ', look: [] },
        { text: 'b', look: ['bold', 'red'] },
      ],
      [
        { text: 'c', look: ['bold', 'red'] },
        { text: ' d', look: [] },
      ],
    ]);
  });

  it.each([
    ['a colour that nobody drew', '\u001B[35mx'],
    ['an escape that is no colour', 'x\u001B[2Ky'],
    ['a line that is written over', 'x\ry'],
    ['a line that is wider than the screen', 'x'.repeat(21)],
  ])('with %s is refused, not drawn wrongly', (_, text) => {
    expect(() => screenOf(cast(text))).toThrow(RangeError);
  });

  it('with signs of XML is drawn as text', () => {
    const picture = pictureOf(cast('\u001B[2m<a href="&">\u001B[0m'), 'A & B');
    expect(picture).toContain('<tspan class="dim">&lt;a href="&amp;"&gt;</tspan>');
    expect(picture).toContain('<title>A &amp; B</title>');
  });
});
