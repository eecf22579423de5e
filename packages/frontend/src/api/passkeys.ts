import type { CallOutput, passkeysContract } from '@smart-ai-hub/shared/contracts';
import {
  browserSupportsWebAuthn,
  startAuthentication,
  startRegistration,
  WebAuthnError,
} from '@simplewebauthn/browser';
import { PasskeyRefused } from './hub-error.ts';

/** Browsers bind passkeys to a name: at a bare address (WebAuthn Level 3, 5.1.2) there are none. */
export const passkeysWork = (hostname = window.location.hostname): boolean =>
  browserSupportsWebAuthn() && !isBareAddress(hostname);

export const isBareAddress = (hostname: string): boolean => /^[\d.]+$|^\[/.test(hostname);

/** Has the browser make a passkey. Rejects with PasskeyRefused. */
export const makePasskey = (optionsJSON: CallOutput<typeof passkeysContract.passkeyOptions>) =>
  startRegistration({ optionsJSON }).catch(refused);

/** Has the person show one of their passkeys. Rejects with PasskeyRefused. */
export const showPasskey = (optionsJSON: CallOutput<typeof passkeysContract.passkeySignInOptions>) =>
  startAuthentication({ optionsJSON }).catch(refused);

function refused(cause: unknown): never {
  const isKnown =
    cause instanceof WebAuthnError && cause.code === 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED';
  throw new PasskeyRefused(isKnown ? 'known' : 'cancelled', cause);
}
