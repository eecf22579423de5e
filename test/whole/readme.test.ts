import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, inject, test } from 'vitest';
import { signUp } from './person.ts';
import { startPlatform } from './platform.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('the lines of code in the README work as printed', async () => {
  await using platform = await startPlatform(inject('postgres'));
  const person = await signUp(platform.url);
  const [, code = ''] = /```js\n([\s\S]*?)```/.exec(readFileSync(`${root}README.md`, 'utf8')) ?? [];
  const folder = `${root}node_modules/.cache/readme`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/example.mjs`, code.replace('http://127.0.0.1:3000', platform.url));
  const { stdout } = await promisify(execFile)(process.execPath, [`${folder}/example.mjs`], {
    env: { PATH: '/usr/bin', HUB_KEY: await person.makeKey() },
  });
  rmSync(folder, { recursive: true });
  expect(stdout).toBe('This is hub/echo, not an AI model. You said: Hello, hub!');
});
