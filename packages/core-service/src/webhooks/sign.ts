import { createHmac, randomBytes } from 'node:crypto';

const PREFIX = 'whsec_';

/** 32 random bytes in the form that libraries of Standard Webhooks read. */
export const newWebhookSecret = (): string => PREFIX + randomBytes(32).toString('base64');

export interface Message {
  /** The same however often it is sent. */
  id: string;
  /** Seconds since the epoch, of this attempt: receivers refuse what is more than five minutes off. */
  timestamp: number;
  body: string;
}

/**
 * The headers that let a receiver tell a message of ours (Standard Webhooks, https://www.standardwebhooks.com): an
 * HMAC-SHA256 over id, time and body by each secret, so that a secret can be replaced without a message lost.
 */
export function signedHeaders(
  { id, timestamp, body }: Message,
  secrets: readonly string[],
): Record<string, string> {
  const content = `${id}.${timestamp}.${body}`;
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
    return `v1,${createHmac('sha256', key).update(content).digest('base64')}`;
  });
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatures.join(' '),
  };
}
