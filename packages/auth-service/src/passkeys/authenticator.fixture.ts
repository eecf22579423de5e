import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { z } from 'zod';

/** What may go wrong with an authenticator, or be made to. */
interface Quirks {
  origin?: string;
  rpId?: string;
  type?: string;
  counter?: number;
  /** Without fingerprint, face or PIN. */
  unverified?: true;
  /** Signs with this key instead of its own. */
  key?: KeyObject;
  userHandle?: string;
}

const creation = z.object({ challenge: z.string(), user: z.object({ id: z.string() }) });
const request = z.object({ challenge: z.string() });

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest();
const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
const uint32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

/** Flags of authenticator data (WebAuthn Level 3, 6.1). */
const PRESENT = 0x01;
const VERIFIED = 0x04;
const ATTESTED = 0x40;

/** An authenticator in software: one ES256 passkey, signed and encoded as a real one does (WebAuthn Level 3, 6). */
export function softwareAuthenticator(rpId = 'localhost', origin = 'http://localhost:3000') {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const id = randomBytes(16);
  let userHandle = 'AAAA';
  let counter = 0;

  /** COSE_Key of an ES256 key (RFC 9053, 7.1.1) in CBOR. */
  const coseKey = Buffer.concat([
    ...[hex('a5 01 02 03 26 20 01 21 58 20'), Buffer.from(x, 'base64url')],
    ...[hex('22 58 20'), Buffer.from(y, 'base64url')],
  ]);

  const clientData = (type: string, challenge: string, quirks: Quirks) =>
    Buffer.from(
      JSON.stringify({
        type: quirks.type ?? type,
        challenge,
        origin: quirks.origin ?? origin,
        crossOrigin: false,
      }),
    );

  const authenticatorData = (flags: number, quirks: Quirks, attested = Buffer.alloc(0)) => {
    const seen = quirks.unverified ? flags & ~VERIFIED : flags;
    const head = [sha256(quirks.rpId ?? rpId), Buffer.of(seen), uint32(quirks.counter ?? counter)];
    return Buffer.concat([...head, attested]);
  };

  return {
    id: id.toString('base64url'),
    /** Answers creation options. */
    create: (options: unknown, quirks: Quirks = {}) => {
      const { challenge, user } = creation.parse(options);
      userHandle = user.id;
      const attested = Buffer.concat([Buffer.alloc(16), Buffer.of(0, id.length), id, coseKey]);
      const authData = authenticatorData(PRESENT | VERIFIED | ATTESTED, quirks, attested);
      const attestationObject = Buffer.concat([
        ...[hex('a3 63'), Buffer.from('fmt'), hex('64'), Buffer.from('none')],
        ...[hex('67'), Buffer.from('attStmt'), hex('a0'), hex('68'), Buffer.from('authData')],
        ...[Buffer.of(0x58, authData.length), authData],
      ]);
      return {
        id: id.toString('base64url'),
        response: {
          clientDataJSON: clientData('webauthn.create', challenge, quirks).toString('base64url'),
          attestationObject: attestationObject.toString('base64url'),
          transports: ['internal'],
        },
      };
    },
    /** Answers request options. */
    get: (options: unknown, quirks: Quirks = {}) => {
      const { challenge } = request.parse(options);
      counter += 1;
      const client = clientData('webauthn.get', challenge, quirks);
      const authData = authenticatorData(PRESENT | VERIFIED, quirks);
      const signature = sign('sha256', Buffer.concat([authData, sha256(client)]), quirks.key ?? privateKey);
      return {
        id: id.toString('base64url'),
        response: {
          clientDataJSON: client.toString('base64url'),
          authenticatorData: authData.toString('base64url'),
          signature: signature.toString('base64url'),
          userHandle: quirks.userHandle ?? userHandle,
        },
      };
    },
  };
}
