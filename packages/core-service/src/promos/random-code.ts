import { randomInt } from 'node:crypto';

/** Without letters and digits that are taken for one another (Crockford's Base32). */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const GROUPS = 3;
const GROUP = 4;

const group = () => Array.from({ length: GROUP }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');

/** A code of 60 random bits that can be read out, such as `7QK2-M0XB-9RTD`, behind a prefix of at most 20. */
export const randomCode = (prefix = ''): string =>
  [...(prefix === '' ? [] : [prefix.toUpperCase()]), ...Array.from({ length: GROUPS }, group)].join('-');
