import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const ROOT = resolve(import.meta.dirname, '../..');

/** What an expression over the module of CI is worth. */
async function worth<T>(expression: string, schema: z.ZodType<T>): Promise<T> {
  const program = `
    import { bounded, counted, outcome } from ${JSON.stringify(join(ROOT, 'bin/guests-in-ci.mjs'))};
    const value = await ${expression};
    process.stdout.write('\\n' + JSON.stringify(value));`;
  const args = ['--input-type=module', '--eval', program];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT, timeout: 30_000 });
  return schema.parse(JSON.parse(stdout.split('\n').at(-1) ?? ''));
}

/** A process that ended and whose parent has not asked yet does not run. */
async function isRunning(pid: string): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => 'State: X');
  return !/^State:\s[ZX]/m.test(status);
}

const ended = z.object({ code: z.number(), output: z.string() });

describe('the tests on guests in CI', () => {
  it('are counted by the lines of their files, also where the run was ended in the middle', async () => {
    const lines = [
      ' ✓ |guests| a.test.ts (20 tests) 69686ms',
      ' ❯ |guests| b.test.ts (7 tests | 3 failed) 1184ms',
      ' ❯ |guests| c.test.ts (9 tests | 1 failed | 2 skipped) 249ms',
      ' ❯ |guests| d.test.ts (1 test | 1 skipped) 249ms',
    ];
    const expression = `counted(${JSON.stringify(lines.join('\n'))})`;
    expect(await worth(expression, z.unknown())).toEqual({ passed: 30, failed: 4 });
  });

  it.each([
    ['all well', 0, ' ✓ |guests| a.test.ts (20 tests) 696ms', 20, 0],
    ['one failed', 1, ' ❯ |guests| a.test.ts (20 tests | 1 failed) 696ms', 19, 1],
    ['broken off', 1, ' ✓ |guests| a.test.ts (20 tests) 696ms', 20, 1],
    ['no guest was started', 1, 'the engine did not start', 0, 0],
  ])('fail CI by what they found: %s', async (_name, code, output, passed, failed) => {
    const expression = `outcome(${JSON.stringify({ code, output })}, 60)`;
    expect(await worth(expression, z.looseObject({}))).toMatchObject({ passed, failed });
  });

  it.runIf(process.platform === 'linux')('end at their limit with all that they started', async () => {
    const stubborn = 'trap "" TERM; sleep 300 & echo $!; wait; wait';
    const expression = `bounded('sh', ['-c', ${JSON.stringify(stubborn)}], { limitMs: 300, endingMs: 300 })`;
    const { code, output } = await worth(expression, ended);
    expect(code).not.toBe(0);
    const [pid = ''] = /\d+/.exec(output) ?? [];
    expect(pid).not.toBe('');
    await expect.poll(() => isRunning(pid)).toBe(false);
  });
});
