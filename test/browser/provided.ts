import 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where a whole hub answers that this run has started. */
    hubUrl: string;
    /** Another one, where an address has to be verified before keys are made. */
    verifyingHubUrl: string;
    /** Where a test may start the provider that people sign in with. */
    outsidePort: number;
    /** Where a test may start the program that webhooks are sent to. */
    receiverPort: number;
    /** Where a test may start an AI provider. */
    vendorPort: number;
    /** Its first superadmin. */
    administrator: { email: string; password: string };
  }
}
