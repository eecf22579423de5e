import { readFileSync } from 'node:fs';
import { fields, setting } from '@smart-ai-hub/shared/service';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { envExample } from './env-example.ts';
import { PROGRAMS } from './services.ts';

const compose = readFileSync(new URL('../../docker-compose.yml', import.meta.url), 'utf8');

describe('.env.example', () => {
  it('is what the schemas say (written by npm run env:example)', async () => {
    await expect(envExample(PROGRAMS, compose)).toMatchFileSnapshot('../../.env.example');
  });

  it('shows defaults as comments, leaves what has none open, and names each variable once', () => {
    const level = setting('LEVEL', z.string().default('info'), 'How much is said');
    const token = setting('TOKEN', fields.secret, 'What is shown');
    const text = envExample({ one: { level, token }, two: { level } }, 'A: ${PASSWORD:?make one}');
    expect(text.split('\n').slice(4)).toEqual([
      ...['# ── one, two', '', '# How much is said', '# LEVEL=info', ''],
      ...['# ── one', '', '# What is shown', 'TOKEN=', ''],
      ...['# ── docker-compose.yml alone', '', '# make one', 'PASSWORD=', ''],
    ]);
  });
});
