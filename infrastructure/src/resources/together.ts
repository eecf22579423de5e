import type { Resource } from './resource.ts';

/** Parts that count only together, as one resource of class `connectivity`: made, proven and undone at once. */
export function together(id: string, parts: readonly Resource[], after: readonly string[]): Resource {
  return {
    id,
    class: 'connectivity',
    after,
    reads: parts.flatMap(({ reads }) => reads),
    compare: (found) => {
      let next = 0;
      const changes = parts.flatMap((part) => {
        const change = part.compare(found.slice(next, (next += part.reads.length)));
        return change ? [{ ...change, lines: [{ sign: '~', text: part.id } as const, ...change.lines] }] : [];
      });
      if (changes.length === 0) return undefined;
      return {
        lines: changes.flatMap(({ lines }) => lines),
        commands: changes.flatMap(({ commands }) => commands),
        revert: {
          files: changes.flatMap(({ revert }) => revert?.files ?? []),
          commands: changes.flatMap(({ revert }) => revert?.commands ?? []),
        },
      };
    },
  };
}
