/** 0 nothing to do, 2 changes or drift, 1 error. */
export type ExitCode = 0 | 1 | 2;

/** What was typed after the verb. */
export interface Typed {
  /** For verbs that are about something with a name. */
  name?: string | undefined;
  environment?: string | undefined;
  /** The last value of an option. */
  value: (name: string) => string | undefined;
  values: (name: string) => string[];
  json: boolean;
  /** What a verb learns that belongs into the audit log. */
  facts: Map<string, string>;
}
