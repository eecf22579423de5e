import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const TEMPLATES = join(import.meta.dirname, '../../templates');

/** A folder in which a script of ours runs among programs of a machine that are not the real ones. */
export interface Stage extends Disposable {
  folder: string;
  path: (name: string) => string;
  /** A program in the place of one of the machine's, as shell text; `$FOLDER` is the folder. */
  program: (name: string, shell: string) => void;
  /** Runs a template; resolves to its exit code and what it complained of. */
  run: (template: string, args: readonly string[]) => Promise<{ code: number; stderr: string }>;
}

export function stage(): Stage {
  const folder = mkdtempSync(join(tmpdir(), 'hub-stage-'));
  const path = (name: string) => join(folder, name);
  for (const name of ['bin', 'state', 'runtime']) mkdirSync(path(name));
  return {
    folder,
    path,
    program: (name, shell) => {
      writeFileSync(path(`bin/${name}`), `#!/bin/sh\n${shell}\n`);
      chmodSync(path(`bin/${name}`), 0o755);
    },
    run: async (template, args) => {
      const env = {
        PATH: `${path('bin')}:/usr/sbin:/usr/bin:/sbin:/bin`,
        ...{ FOLDER: folder, STATE_DIRECTORY: path('state'), RUNTIME_DIRECTORY: path('runtime') },
      };
      const script = join(TEMPLATES, template);
      const child = spawn('/bin/sh', [script, ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] });
      const [stderr] = await Promise.all([text(child.stderr), once(child, 'close')]);
      return { code: child.exitCode ?? 255, stderr };
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}
