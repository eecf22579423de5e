import { z } from 'zod';
import { id, nothing, timestamp } from './fields.ts';
import { defineContract } from './route.ts';

export const PARTNER_PREFIX = 'VERIFIED-';
/** 32 random letters and digits: some 190 bits, and one double click selects them. */
export const PARTNER_PATTERN = /^VERIFIED-[A-Za-z0-9]{32}$/;
/** Of one person at a time. */
export const MAX_PARTNER_SESSIONS = 5;
/** Seconds. */
export const PARTNER_TTL = 7 * 24 * 3600;

export const partnerSession = z.object({
  id,
  /** The first characters, enough to tell them apart. */
  prefix: z.string(),
  createdAt: timestamp,
  expiresAt: timestamp,
  lastUsedAt: timestamp.nullable(),
});
export type PartnerSession = z.output<typeof partnerSession>;

/** What a person hands to a partner by copy and paste, so that it acts for them within narrow bounds. */
export const partnerSessionsContract = defineContract({
  listPartnerSessions: {
    method: 'GET',
    path: '/api/v1/auth/partner-sessions',
    summary: 'My partner sessions that still last, newest first',
    access: 'keys:read',
    success: { status: 200, schema: z.object({ items: z.array(partnerSession) }) },
    problems: [],
  },
  createPartnerSession: {
    method: 'POST',
    path: '/api/v1/auth/partner-sessions',
    summary: 'Open a partner session for 7 days; this answer is the only one that shows it',
    access: 'keys:manage',
    stepUp: true,
    success: { status: 201, schema: z.object({ ...partnerSession.shape, token: z.string() }) },
    problems: ['too-many-sessions', 'email-not-verified'],
  },
  endPartnerSession: {
    method: 'DELETE',
    path: '/api/v1/auth/partner-sessions/:partnerSessionId',
    summary: 'End a partner session at once, in every process',
    access: 'keys:manage',
    params: z.strictObject({ partnerSessionId: id }),
    success: { status: 204, schema: nothing },
    problems: ['not-found', 'email-not-verified'],
  },
});
