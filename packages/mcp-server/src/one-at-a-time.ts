/**
 * Runs that never overlap; whoever asks during one waits for the next, which sees what was so when they asked. A run that
 * fails rejects for those who asked for it, and the next one runs all the same.
 */
export function oneAtATime(run: () => Promise<void>): () => Promise<void> {
  let next: Promise<void> | undefined;
  let last = Promise.resolve();
  return () => {
    const begin = () => {
      next = undefined;
      return run();
    };
    next ??= last = last.then(begin, begin);
    return next;
  };
}
