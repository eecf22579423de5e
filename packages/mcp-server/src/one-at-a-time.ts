/** Runs that never overlap; whoever asks during one waits for the next, which sees what was so when they asked. */
export function oneAtATime(run: () => Promise<void>): () => Promise<void> {
  let next: Promise<void> | undefined;
  let last = Promise.resolve();
  return () => {
    next ??= last = last.then(() => {
      next = undefined;
      return run();
    });
    return next;
  };
}
