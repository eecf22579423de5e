import { createHash } from 'node:crypto';
import { z } from 'zod';

/** What stands before the first line. */
const NOTHING = '0'.repeat(64);

/** How an action came out; one that began and has no end was cut off. */
export type Outcome = 'began' | 'done' | 'differs' | 'failed';

/** An action as it is written down, without what makes the chain. */
export interface Entry {
  /** ISO 8601. */
  at: string;
  who: string;
  verb: string;
  /** What else is known: environment, name, hosts with the hashes of their plans. */
  facts: Readonly<Record<string, string>>;
  outcome: Outcome;
  /** Of a failure: why. */
  says?: string | undefined;
}

const lineSchema = z.object({
  number: z.int(),
  previous: z.string(),
  at: z.iso.datetime(),
  who: z.string(),
  verb: z.string(),
  facts: z.record(z.string(), z.string()),
  outcome: z.enum(['began', 'done', 'differs', 'failed']),
  says: z.string().optional(),
});

/** A place in a log: the number of a line, and the hash of that line. */
export interface Head {
  number: number;
  hash: string;
}

export interface Log {
  text: string;
  /** The last line, as it was when it was written; nothing where that was lost. */
  head: Head | undefined;
}

const hashOf = (line: string) => createHash('sha256').update(line).digest('hex');

/** `12 3f5a…` */
export function headOf(text: string): Head | undefined {
  const [, number, hash] = /^(\d+) ([0-9a-f]{64})$/.exec(text.trim()) ?? [];
  return number === undefined || hash === undefined ? undefined : { number: Number(number), hash };
}

export const headText = ({ number, hash }: Head): string => `${number} ${hash}`;

/** The lines of a log that can be read. */
export const entriesOf = ({ text }: Log): Entry[] =>
  text.split('\n').flatMap((line) => {
    const entry = parsed(line);
    return entry ? [entry] : [];
  });

/**
 * What was done to a log after it was written, a line each: lines that were changed, removed, swapped, added or cut off.
 * `anchors` are heads that somebody else wrote down.
 */
export function verifyLog({ text, head }: Log, anchors: readonly Head[] = []): string[] {
  if (text === '' && !head && anchors.length === 0) return [];
  const lines = text.split('\n');
  const isWhole = lines.pop() === '';
  return [
    ...lines.flatMap((line, index) => lineFindings(line, index, lines[index - 1])),
    ...(isWhole ? [] : ['the last line is cut off']),
    ...(head ? [] : ['its head is missing: lines may have been removed at the end']),
    ...[...(head ? [head] : []), ...anchors].flatMap((one) => headFindings(lines, one)),
    ...(head && lines.length > head.number
      ? [`lines after ${head.number} were added by another program`]
      : []),
  ];
}

function lineFindings(line: string, index: number, before: string | undefined): string[] {
  const place = index + 1;
  const entry = parsed(line);
  if (!entry) return [`line ${place} is none that hubctl wrote`];
  if (entry.number !== place) {
    return [
      `line ${place} was written as line ${entry.number}: lines were removed, added or swapped before it`,
    ];
  }
  const expected = before === undefined ? NOTHING : hashOf(before);
  if (entry.previous === expected) return [];
  return [
    `line ${Math.max(place - 1, 1)} was changed, or line ${place}: the hash of the one is not in the other`,
  ];
}

function headFindings(lines: readonly string[], { number, hash }: Head): string[] {
  const line = lines[number - 1];
  if (line === undefined) return [`lines ${lines.length + 1} to ${number} were removed at the end`];
  return hashOf(line) === hash ? [] : [`line ${number} was changed: it is not what was noted of it`];
}

function parsed(line: string) {
  try {
    return lineSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined; // no JSON, which is said where the line is judged
  }
}
