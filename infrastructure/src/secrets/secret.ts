import { inspect } from 'node:util';

const REDACTED = '[REDACTED]';

/** A value that shows itself only where `reveal` is called; printed, logged or serialised it is redacted. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [inspect.custom](): string {
    return REDACTED;
  }
}
