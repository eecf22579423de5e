export interface Deferred<T> {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (reason: unknown) => void;
}

/** A promise that the test settles when it wants. */
export function deferred<T>(): Deferred<T> {
  const made: Partial<Deferred<T>> = {};
  const promise = new Promise<T>((resolve, reject) => Object.assign(made, { resolve, reject }));
  const { resolve, reject } = made;
  if (!resolve || !reject) throw new Error('a promise calls its executor at once');
  return { promise, resolve, reject };
}
