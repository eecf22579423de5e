/** True where an administrator allowed exactly this origin to be local, or to speak http. */
export const isLocal = (allowed: readonly string[], url: string): boolean =>
  allowed.some((entry) => new URL(entry).origin === new URL(url).origin);
