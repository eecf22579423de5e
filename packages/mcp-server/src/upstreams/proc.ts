import { readdir, readFile } from 'node:fs/promises';

/** What a process and all that it started take (proc(5)). */
export interface Taken {
  processes: number;
  /** Resident bytes. */
  memory: number;
}

/** Bytes of a page on every platform that this runs on. */
const PAGE = 4096;

/**
 * A process with its children and theirs; nothing where there is no /proc. Whoever was given away to the system by the
 * death of its parent is not found: only `processesMarked` finds it.
 */
export async function takenBy(pid: number): Promise<Taken> {
  const resident = Number((await read(`/proc/${pid}/statm`)).split(' ')[1] ?? 0) * PAGE;
  const threads = await list(`/proc/${pid}/task`);
  const children = await Promise.all(threads.map((thread) => read(`/proc/${pid}/task/${thread}/children`)));
  const below = await Promise.all(
    children
      .flatMap((line) => line.split(' ').filter(Boolean))
      .map(Number)
      .map(takenBy),
  );
  return below.reduce(
    (sum, one) => ({ processes: sum.processes + one.processes, memory: sum.memory + one.memory }),
    { processes: 1, memory: resident },
  );
}

/** Processes whose environment holds this text: a child that left its group still carries it. */
export async function processesMarked(mark: string): Promise<number[]> {
  const pids = (await list('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(
    pids.map(async (pid) => ((await read(`/proc/${pid}/environ`)).includes(mark) ? [pid] : [])),
  );
  return found.flat();
}

/** Nothing of a process that is gone, or that is somebody else's. */
const read = (path: string): Promise<string> => readFile(path, 'latin1').catch(() => '');
const list = (path: string): Promise<string[]> => readdir(path).catch(() => []);
