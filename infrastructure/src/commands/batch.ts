import type { Command, Outcome } from './command.ts';
import { quote } from './quote.ts';

/**
 * Several commands for one `sh -s`. Each answers with a line: exit code, and what it printed in base64.
 * All is one function, called by the last line: text that was cut off on its way is a syntax error and runs nothing.
 */
export function batchText(
  commands: readonly Command[],
  { stopAtFailure }: { stopAtFailure: boolean },
): string {
  const steps = commands.map(({ argv, stdin = '' }) => {
    const input = Buffer.from(stdin).toString('base64');
    return `step '${input}' ${quote(argv)}${stopAtFailure ? ' || return 0' : ''}`;
  });
  return `hub() {\n${SETUP}\n${steps.join('\n')}\nreturn 0\n}\nhub\n`;
}

/** Output waits in a folder that only root reads, in memory where /run is. */
const SETUP = `
umask 077
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C.UTF-8
export PATH LC_ALL
work=$(mktemp -d -p /run hub.XXXXXX 2>/dev/null || mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
step() {
  input=$1
  shift
  printf %s "$input" | base64 -d 2>/dev/null | "$@" >"$work/out" 2>"$work/err"
  code=$?
  printf '%s ' "$code"
  base64 -w0 <"$work/out"
  printf ' '
  base64 -w0 <"$work/err"
  echo
  return "$code"
}`;

const ANSWER = /^(\d+) ([\w+/=]*) ([\w+/=]*)$/;

/** What the commands answered, in their order; fewer when one failed or the connection was lost. */
export function readAnswers(text: string): Outcome[] {
  return text.split('\n').flatMap((line) => {
    const match = ANSWER.exec(line);
    if (!match) return [];
    const [, code, stdout = '', stderr = ''] = match;
    return [{ code: Number(code), stdout: decoded(stdout), stderr: decoded(stderr) }];
  });
}

const decoded = (base64: string) => Buffer.from(base64, 'base64').toString('utf8');
