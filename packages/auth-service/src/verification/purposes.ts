/** What is mailed to prove that somebody reads an address, and the seconds for which it opens something. */
export const LIFETIMES = {
  'verify-email': 15 * 60,
  'change-email': 15 * 60,
  'reset-password': 3600,
  invitation: 7 * 24 * 3600,
} as const;

export type Purpose = keyof typeof LIFETIMES;

/** Those that are mailed as a link to the page for a new password; the others are codes. */
export const LINKS: readonly string[] = ['reset-password', 'invitation'] satisfies Purpose[];
