/** The library, loaded when somebody first uses a passkey: 25 MB that many processes never need. */
export const webauthn = () => import('@simplewebauthn/server');
