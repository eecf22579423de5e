/** Names whose values never reach a log line, wherever they are nested. */
const SECRET_NAME =
  /pass(word|wd|phrase)?$|secret|token|authorization|cookie|api[-_]?key|credential|private|seed|dsn|^key$/i;

const REDACTED = '[REDACTED]';
const MAX_DEPTH = 8;

/** Free text: what a secret looks like, and what is left of it. Order matters: the longest shapes first. */
const SHAPES: readonly [RegExp, string][] = [
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@:]*:[^\s@]*@/gi, `$1${REDACTED}@`],
  [/\b(bearer|basic)\s+[\w.~+/=-]+/gi, `$1 ${REDACTED}`],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, REDACTED],
  [/\b(sk|rt|pk|whsec)-[\w-]{8,}/g, REDACTED],
  [/\bVERIFIED-\w+/g, REDACTED],
  [
    /("?\b\w*(?:password|passwd|secret|token|api[-_]?key|cookie|authorization)"?\s*[=:]\s*)("[^"]*"|'[^']*'|[^\s,;&}]+)/gi,
    `$1${REDACTED}`,
  ],
  [/\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b/g, '[E-MAIL]'],
];

const CARD_LIKE = /\b\d(?:[ -]?\d){12,18}\b/g;

/** Masks secrets, keys, connection strings, e-mail addresses and card numbers in free text. */
export function maskText(text: string): string {
  const masked = SHAPES.reduce(
    (result, [pattern, replacement]) => result.replace(pattern, replacement),
    text,
  );
  return masked.replace(CARD_LIKE, (digits) => (passesLuhn(digits) ? '[CARD]' : digits));
}

/** A copy that is safe to log: secret names redacted, texts masked, errors with stack and causes. */
export function mask(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return maskText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return '[DEEP]';
  if (value instanceof Error) return maskError(value, depth);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((item) => mask(item, depth + 1));
  if ('toJSON' in value && typeof value.toJSON === 'function') return mask(value.toJSON(), depth + 1);
  return maskFields(Object.entries(value), depth);
}

function maskError(error: Error, depth: number): unknown {
  const { name, message, stack, cause, ...rest } = error;
  return {
    name,
    message: maskText(message),
    stack: stack === undefined ? undefined : maskText(stack),
    ...maskFields(Object.entries(rest), depth),
    ...(cause !== undefined && { cause: mask(cause, depth + 1) }),
  };
}

/** Masks named values: a secret name hides its value whole. */
export function maskFields(entries: [string, unknown][], depth = 0): Record<string, unknown> {
  return Object.fromEntries(
    entries.map(([name, value]) => [name, SECRET_NAME.test(name) ? REDACTED : mask(value, depth + 1)]),
  );
}

/** Luhn check, ISO/IEC 7812-1 annex B: only what could be a card number is hidden. */
function passesLuhn(text: string): boolean {
  const digits = text.replace(/\D/g, '').split('').reverse().map(Number);
  const sum = digits.reduce((total, digit, index) => {
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}
