import type { ComponentProps } from 'react';

/** A box to tick, and beside it what a tick says. */
export function TickBox({ children, ...input }: ComponentProps<'input'>) {
  return (
    <label className="flex min-h-8 items-center gap-2 text-sm">
      <input type="checkbox" className="size-4 accent-accent" {...input} />
      {children}
    </label>
  );
}
