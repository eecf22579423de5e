import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { VERSION } from './version.ts';

test.each(['', 'packages/shared/', 'packages/standalone/'])(
  'the version is that of %spackage.json',
  (folder) => {
    const text = readFileSync(new URL(`../../../../${folder}package.json`, import.meta.url), 'utf8');
    expect(z.object({ version: z.string() }).parse(JSON.parse(text)).version).toBe(VERSION);
  },
);
