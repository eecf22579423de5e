import { isIP } from 'node:net';
import { z } from 'zod';

/** A label of a host name (RFC 1123): letters, digits and hyphens, 63 at most, no hyphen at either end. */
const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const DOMAIN = new RegExp(String.raw`^(?=.{1,253}$)(?:${LABEL}\.)+[a-z]{2,63}$`);
const HOST_NAME = new RegExp(String.raw`^(?=.{1,253}$)${LABEL}(?:\.${LABEL})*$`, 'i');

/** Types and blob of OpenSSH's public keys (RFC 4253, section 6.6); one line, no options before it. */
const PUBLIC_KEY =
  /^(?:ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521)|sk-(?:ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com) [A-Za-z0-9+/]{40,}={0,2}(?: [^\n]*)?$/;

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** True for an address or a network of either family: `192.0.2.7`, `2001:db8::/48`. */
function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

export const fields = {
  /** A short name of ours: of a host, of a secret. */
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/, 'must be 1 to 32 of a-z, 0-9 and -, and begin with a letter'),
  /** A user of Debian's (adduser's default rule). */
  user: z.string().regex(/^[a-z_][a-z0-9_-]{0,31}$/, 'must be a user name: a-z, 0-9, _ and -, 32 at most'),
  address: z
    .string()
    .refine((text) => isIP(text) !== 0 || HOST_NAME.test(text), 'must be an IP address or a host name'),
  network: z.string().refine(isNetwork, 'must be an IP address or a network such as 192.0.2.0/24'),
  domain: z.string().regex(DOMAIN, 'must be a domain in lower case, such as hub.example.com'),
  publicKey: z
    .string()
    .regex(PUBLIC_KEY, 'must be one public key of OpenSSH, such as ssh-ed25519 AAAA… name'),
  /** The public part of an age identity: Bech32 of an X25519 key (age-encryption.org/v1). */
  recipient: z
    .string()
    .regex(/^age1[02-9ac-hj-np-z]{58}$/, 'must be the public part of an age identity, age1…'),
  /** It becomes a line of a list, and a word of it. */
  https: z
    .url({ protocol: /^https$/, error: 'must be an https address' })
    .regex(/^\S+$/, 'must not hold spaces'),
  timeZone: z.string().refine(isTimeZone, 'must be a time zone, such as Etc/UTC or Asia/Bangkok'),
  timeOfDay: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day, 00:00 to 23:59, in quotes'),
  port: z.int('must be a port').min(1, 'must be 1 or more').max(65_535, 'must be 65535 at most'),
  /** A whole number within bounds, both included. */
  count: (from: number, to: number) =>
    z.int('must be a whole number').min(from, `must be ${from} or more`).max(to, `must be ${to} at most`),
};
