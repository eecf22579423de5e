import type { DomainError } from '@smart-ai-hub/shared/contracts';

/** Turns the events of one stream into those of another vendor's format, one after the other. */
export interface EventTranslator {
  /** What this event becomes, ready to be written; '' for nothing. */
  push: (data: string) => string;
  /** What is left to be said where the stream came to its end. */
  end: () => string;
  /** The last event where it did not, in a format whose last event needs what was told before. */
  fail?: (error: DomainError) => string;
}

/** An event that names itself twice, as both vendors' named ones do. */
export const namedEvent = (type: string, fields: object = {}): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;

/** The data of events without a name, as the translators write them: whole, and on one line each. */
export const dataIn = (events: string): string[] =>
  events
    .split('\n\n')
    .filter((event) => event !== '')
    .map((event) => event.slice('data: '.length));
