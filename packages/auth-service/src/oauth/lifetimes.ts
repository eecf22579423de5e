const MINUTE = 60;
const DAY = 24 * 3600;

/** Seconds that what the OAuth server hands out lives. */
export const LIFETIMES = {
  /** As long as a person's own access token. */
  accessToken: 15 * MINUTE,
  /** At most ten minutes by RFC 6749, 4.1.2; programs need none of them. */
  code: MINUTE,
  deviceCode: 10 * MINUTE,
  /** Time to sign in, to find the second factor, and to read. */
  interaction: 30 * MINUTE,
  /** Since its last use. */
  refreshToken: 30 * DAY,
  /** What was lent has to be asked for again after this. */
  grant: 180 * DAY,
  /** A client that registered, until somebody lends it something. */
  unusedClient: DAY,
} as const;
