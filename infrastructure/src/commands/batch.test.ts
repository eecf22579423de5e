import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { run } from '../machine/spawn.ts';
import { batchText, readAnswers } from './batch.ts';
import { type Command, command, script } from './command.ts';
import { quote } from './quote.ts';

const SHELLS = ['dash', 'bash'];
/** What an argument can hold: everything but NUL. */
const word = fc.string({ unit: 'grapheme', maxLength: 30 }).filter((text) => !text.includes('\0'));
const nasty = fc.oneof(
  word,
  fc.constantFrom("'", "';id;'", '$(id)', '`id`', '\n', '-n', '', '\\', '"', '!', '* ?'),
);

const batch = async (commands: Command[], stopAtFailure = false) =>
  readAnswers((await run(['sh', '-s'], batchText(commands, { stopAtFailure }))).stdout);

test.each(SHELLS)('whatever the words are, %s reads them back unchanged', (shell) => {
  fc.assert(
    fc.property(fc.array(nasty, { minLength: 1, maxLength: 5 }), (words) => {
      const printed = execFileSync(shell, ['-c', `printf '%s\\0' ${quote(words)}`], { encoding: 'utf8' });
      expect(printed.split('\0').slice(0, -1)).toEqual(words);
    }),
    { numRuns: 30 },
  );
});

test('an argument cannot hold NUL', () => {
  expect(() => quote(['a\0b'])).toThrow('cannot hold NUL');
});

test('words that need no quotes have none, so that people can read them', () => {
  expect(quote(['apt-get', 'install', '-o', 'A::B=1', "it's"])).toBe(
    String.raw`apt-get install -o A::B=1 'it'\''s'`,
  );
});

test('arguments and input arrive as they are, and answers come back so', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(nasty, { maxLength: 3 }), word, async (words, stdin) => {
      const [answer] = await batch([{ ...script(`printf '%s\\n' "$@" >&2; cat`, ...words), stdin }]);
      expect(answer).toEqual({
        code: 0,
        stdout: stdin,
        stderr: words.length > 0 ? words.map((one) => `${one}\n`).join('') : '\n',
      });
    }),
    { numRuns: 20 },
  );
});

test('every command answers, or none after the first that fails', async () => {
  const commands = [
    command('true'),
    script('echo no >&2; exit 7'),
    command('no-such-program'),
    command('echo', 'last'),
  ];
  expect((await batch(commands)).map(({ code }) => code)).toEqual([0, 7, 127, 0]);
  const stopped = await batch(commands, true);
  expect(stopped.map(({ code }) => code)).toEqual([0, 7]);
  expect(stopped[1]?.stderr).toBe('no\n');
});

test('a command cannot read the script that it stands in', async () => {
  const answers = await batch([command('cat'), command('echo', 'still here')]);
  expect(answers.map(({ stdout }) => stdout)).toEqual(['', 'still here\n']);
});

test('a program that leaves its input unread is judged by its own exit', async () => {
  expect(await batch([{ ...command('true'), stdin: 'x'.repeat(300_000) }])).toMatchObject([{ code: 0 }]);
});

test('a script that was cut off on its way runs nothing', async () => {
  const text = batchText([command('echo', 'one'), command('echo', 'two')], { stopAtFailure: true });
  const ends = Array.from({ length: text.length - 2 }, (_, index) => index).filter(
    (at) => at % 41 === 0 || at > text.length - 8,
  );
  const printed = await Promise.all(
    ends.map(async (end) => (await run(['sh', '-s'], text.slice(0, end))).stdout),
  );
  expect(new Set(printed)).toEqual(new Set(['']));
});
