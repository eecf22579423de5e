import type { z } from 'zod';

/** What of these settings is not so yet: what nobody touched keeps what it has become elsewhere. */
export function changesOf<S extends z.ZodType>(schema: S, before: object, settings: object): z.output<S> {
  const held = new Map(Object.entries(before).map(([name, value]) => [name, JSON.stringify(value)]));
  const changed = Object.entries(settings).filter(
    ([name, value]) => held.get(name) !== JSON.stringify(value),
  );
  return schema.parse(Object.fromEntries(changed));
}
