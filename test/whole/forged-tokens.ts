import { createPrivateKey, randomUUID, sign } from 'node:crypto';

/** The fixed head of a PKCS #8 Ed25519 private key (RFC 8410, 7); the seed follows. */
const PKCS8_HEAD = '302e020100300506032b657004220420';

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A part of a JWT, as an object. */
export function decodePart(token: string, index: 0 | 1): Record<string, unknown> {
  const part: Record<string, unknown> = JSON.parse(
    Buffer.from(token.split('.')[index] ?? '', 'base64url').toString(),
  );
  return part;
}

/** A token with these changes in head and claims, signed as whoever has the seed would. */
export function forge(
  token: string,
  seed: string,
  { head = {}, claims = {} }: { head?: Record<string, unknown>; claims?: Record<string, unknown> },
): string {
  const key = createPrivateKey({
    key: Buffer.concat([Buffer.from(PKCS8_HEAD, 'hex'), Buffer.from(seed, 'base64url')]),
    format: 'der',
    type: 'pkcs8',
  });
  const text = `${encode({ ...decodePart(token, 0), ...head })}.${encode({ ...decodePart(token, 1), ...claims })}`;
  return `${text}.${sign(null, Buffer.from(text), key).toString('base64url')}`;
}

/** The same claims under a head that names another algorithm, signed by whatever `seal` does with the text. */
export function forgeAs(
  token: string,
  head: Record<string, unknown>,
  seal: (text: string) => Buffer,
): string {
  const text = `${encode({ ...decodePart(token, 0), ...head })}.${token.split('.')[1] ?? ''}`;
  return `${text}.${seal(text).toString('base64url')}`;
}

/** The same token without a signature, saying that it needs none. */
export const unsigned = (token: string): string =>
  `${encode({ ...decodePart(token, 0), alg: 'none' })}.${token.split('.')[1] ?? ''}.`;

/** The token with other claims and the signature that it had. */
export const altered = (token: string): string => {
  const [head = '', , signature = ''] = token.split('.');
  return `${head}.${encode({ ...decodePart(token, 1), sub: randomUUID(), roles: ['superadmin'] })}.${signature}`;
};
