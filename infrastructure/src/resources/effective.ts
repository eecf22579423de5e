import type { Command, Outcome } from '../commands/command.ts';
import type { Line, Resource } from './resource.ts';

export interface Effective {
  /** Tells the settings that are in force. */
  read: Command;
  /** Settings and the values that they shall have; `parse` finds them in what `read` printed. */
  wanted: Readonly<Record<string, string>>;
  parse: (printed: string) => ReadonlyMap<string, string>;
  /** What brings the file into force where it is right and something else is stronger. */
  enforce: readonly Command[];
  /** Files beyond the resource's own that `enforce` may change. */
  touches?: readonly string[];
}

/**
 * A file of settings together with what is really in force: a program may read another file first, or not at all.
 * What differs is shown even where the file is as it shall be.
 */
export function effective(
  file: Resource,
  { read, wanted, parse, enforce, touches = [] }: Effective,
): Resource {
  return {
    ...file,
    reads: [...file.reads, read],
    compare: (found) => {
      const change = file.compare(found.slice(0, -1));
      if (change) {
        const { revert, commands } = change;
        const files = [...(revert?.files ?? []), ...touches];
        // Where something else is stronger too, the file alone would not do.
        return {
          ...change,
          commands: [...commands, ...enforce],
          ...(revert && { revert: { ...revert, files } }),
        };
      }
      const lines = differing(found.at(-1), wanted, parse);
      if (lines.length === 0) return undefined;
      const undo = [...enforce].slice(-1);
      return { lines, commands: enforce, revert: { files: touches, commands: undo } };
    },
  };
}

function differing(
  found: Outcome | undefined,
  wanted: Effective['wanted'],
  parse: Effective['parse'],
): Line[] {
  const now = parse(found?.stdout ?? '');
  return Object.entries(wanted)
    .filter(([name, value]) => now.get(name) !== value)
    .map(([name, value]) => ({
      sign: '~',
      text: `in force: ${name} ${now.get(name) ?? 'unknown'} → ${value}`,
    }));
}
