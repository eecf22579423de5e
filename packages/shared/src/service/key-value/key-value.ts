/** Short-lived shared facts: denials, counters, messages between processes. Values are strings. */
export interface KeyValue {
  get: (key: string) => Promise<string | undefined>;
  /** Keeps the value for `ttl` seconds. */
  set: (key: string, value: string, ttl: number) => Promise<void>;
  delete: (key: string) => Promise<void>;
  /**
   * Puts `after` (nothing: no value) in the place of `before` (nothing: no value), for `ttl` seconds, where that is
   * what is there now: of many who try at the same time one succeeds. Answers whether it did.
   */
  replace: (
    key: string,
    before: string | undefined,
    after: string | undefined,
    ttl: number,
  ) => Promise<boolean>;
  /** Adds one and answers the sum; the first addition starts the `ttl` (seconds). */
  increment: (key: string, ttl: number) => Promise<number>;
  publish: (channel: string, message: string) => Promise<void>;
  /**
   * Calls `onMessage` for each message. `onLive` says from when on none is missed (true), and from when on some
   * may be (false). Where it rejects, the store is away: the subscription is made as soon as it is back.
   */
  subscribe: (
    channel: string,
    onMessage: (message: string) => void,
    onLive?: (isLive: boolean) => void,
  ) => Promise<void>;
  /** Rejects when the store does not answer. */
  ping: () => Promise<void>;
  close: () => Promise<void>;
}
