import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { processesMarked, type Taken, takenBy } from './proc.ts';

export interface ChildCommand {
  command: string;
  args: readonly string[];
  /** All that it knows of the environment, beside PATH. */
  env: Readonly<Record<string, string>>;
  cwd?: string | undefined;
}

export interface ChildLimits {
  /** Resident bytes of the child and all that it started. */
  memory: number;
  /** Processes of the child and all that it started. */
  processes: number;
  /** Milliseconds between asking a child to end and ending it. */
  grace: number;
}

/** A child with everything that it starts: one group of processes, ended together. */
export interface ChildGroup {
  child: ChildProcessWithoutNullStreams;
  /** Ends the group: closed input and SIGTERM, then SIGKILL; resolves when nobody of it is left. */
  end: () => Promise<void>;
}

/** Milliseconds between two looks at what a child takes. */
const LOOK = 250;
/** The variable by which a child is found again that left its group. */
const MARK = 'SMART_AI_HUB_CHILD';
/** Where programs are looked for: beside Node's own, so that `npx` is that of the hub, then where most stand. */
const PATH = `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`;

const alive = new Set<number>();
/** Nobody is left behind by a process that ends without closing anything. */
const endAll = () => {
  for (const pid of alive) signalGroup(pid, 'SIGKILL');
};

/**
 * Starts a child in a process group of its own; rejects where it cannot be started. `onExcess` hears once, and the
 * group is ended, when it takes more than `limits` give it.
 */
export async function startChild(
  { command, args, env, cwd = tmpdir() }: ChildCommand,
  limits: ChildLimits,
  onExcess: (what: string) => void,
): Promise<ChildGroup> {
  const mark = `${MARK}=${randomUUID()}`;
  const child = spawn(command, args, {
    ...{ cwd, detached: true, shell: false },
    env: { PATH, ...env, [MARK]: mark.slice(MARK.length + 1) },
  });
  await once(child, 'spawn');
  const { pid = 0 } = child;
  if (alive.size === 0) process.once('exit', endAll);
  alive.add(pid);

  const watch = setInterval(() => {
    void takenBy(pid).then((taken) => {
      const excess = excessOf(taken, limits);
      if (excess === undefined || !alive.has(pid)) return;
      onExcess(excess);
      signalGroup(pid, 'SIGKILL');
    });
  }, LOOK).unref();

  let ending: Promise<void> | undefined;
  const endOnce = async () => {
    clearInterval(watch);
    child.stdin.end();
    signalGroup(pid, 'SIGTERM');
    const until = performance.now() + limits.grace;
    while (isGroupAlive(pid) && performance.now() < until) await delay(20);
    signalGroup(pid, 'SIGKILL');
    for (const strayed of await processesMarked(mark)) signal(strayed, 'SIGKILL');
    alive.delete(pid);
    if (alive.size === 0) process.off('exit', endAll);
  };
  return { child, end: () => (ending ??= endOnce()) };
}

function excessOf({ memory, processes }: Taken, limits: ChildLimits): string | undefined {
  if (memory > limits.memory) return `it took more than ${Math.round(limits.memory / 2 ** 20)} MiB`;
  if (processes > limits.processes) return `it started more than ${limits.processes} processes`;
  return undefined;
}

const isGroupAlive = (pid: number): boolean => signalGroup(pid, 0);

const signalGroup = (pid: number, name: NodeJS.Signals | 0): boolean => signal(-pid, name);

/** False where nobody is there any more. */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}
