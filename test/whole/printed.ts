import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

/** Runs a program as it is printed, where it finds the packages that it imports; answers what it says. */
export async function runProgram(code: string, env: Record<string, string> = {}): Promise<string> {
  return inFolder(async (folder) => {
    writeFileSync(`${folder}/program.mjs`, code);
    const { stdout } = await run(process.execPath, [`${folder}/program.mjs`], {
      env: { PATH: '/usr/bin', ...env },
    });
    return stdout;
  });
}

/** Types lines into a shell; `programs` stand in for those that are not installed here, by name. */
export async function runShell(lines: string, programs: Record<string, string> = {}): Promise<string> {
  return inFolder(async (folder) => {
    for (const [name, code] of Object.entries(programs)) {
      writeFileSync(`${folder}/${name}.mjs`, code);
      const start = `#!/bin/sh\nexec '${process.execPath}' '${folder}/${name}.mjs' "$@"\n`;
      writeFileSync(`${folder}/${name}`, start, { mode: 0o755 });
    }
    const { stdout } = await run('sh', ['-ec', lines], { env: { PATH: `${folder}:/usr/bin:/bin` } });
    return stdout;
  });
}

async function inFolder(work: (folder: string) => Promise<string>): Promise<string> {
  const folder = `${root}node_modules/.cache/printed/${randomUUID()}`;
  mkdirSync(folder, { recursive: true });
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
