import 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where a whole hub answers that this run has started. */
    hubUrl: string;
    /** Its first superadmin. */
    administrator: { email: string; password: string };
  }
}
