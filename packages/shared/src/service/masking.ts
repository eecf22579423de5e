/** Names whose values never reach a log line, wherever they are nested. */
const SECRET_NAME =
  /passw|passphrase|pass$|secret|token(?!source$)|authorization|cookie|(api|access|signing|master|encryption)[-_]?key|credential|private|seed|dsn|jwt|^key$/i;

/** Names that count tokens: their numbers are what a lost settlement is booked by, and no secret. */
const TOKEN_COUNT = /tokens$/i;

/** An item of a list that may name the next one. */
const ONE_WORD = /^[\w-]{1,100}$/;

const REDACTED = '[REDACTED]';
const MAX_DEPTH = 8;
/** Values of one log line, so that a graph that a caller hands in cannot stop the process. */
const MAX_VALUES = 20_000;
/** Characters of one text, so that no pattern has to work on more. */
const MAX_TEXT = 10_000;

/** A quoted value with its escapes, at any depth of JSON in JSON; what is never closed goes to the end. */
const QUOTED = String.raw`"(?:[^"\\]|\\[\s\S])*(?:"|$)|'(?:[^'\\]|\\[\s\S])*(?:'|$)|(\\+)"(?:[\s\S]*?(?<!\\)\2"|[\s\S]*)`;
const IS = String.raw`\\*["']?\s{0,5}[:=]\s{0,5}`;

/** Free text: what a secret looks like, and what is left of it. Whole headers and values come first. */
const SHAPES: readonly [RegExp, string][] = [
  [new RegExp(String.raw`((?:authorization|cookie2?)${IS})(?:${QUOTED}|[^\r\n]+)`, 'gi'), `$1${REDACTED}`],
  [
    new RegExp(
      String.raw`((?:passw(?:or)?d|passphrase|secret|token|api[-_]?key|credential)\w{0,20}${IS})(?:${QUOTED}|\S+)`,
      'gi',
    ),
    `$1${REDACTED}`,
  ],
  [/([a-z][a-z0-9+.-]{0,30}:\/\/)\S{1,1000}@/gi, `$1${REDACTED}@`],
  [/(bearer|basic)\s+[\w.~+/=-]+/gi, `$1 ${REDACTED}`],
  [/eyJ[\w-]{5,}(?:\.[\w-]*)*/g, REDACTED],
  [/(?:sk-hub-|VERIFIED-)[\w-]{8,}|AIza[\w-]{20,}/g, REDACTED],
  // not within a word; the letter of an escaped newline or tab is none
  [/(?<!(?<!\\)[a-z0-9])(?:sk|rt|pk|whsec)[-_][\w-]{8,}/gi, REDACTED],
  [/[\p{L}\p{N}_.'+-]{1,64}(?:@|%40)[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63})+/gu, '[E-MAIL]'],
];

/** 13 to 19 digits at once or in a card's groups, wherever they start in a row of numbers; 1 begins no card but a time. */
const CARD_LIKE =
  /(?:(?<!\d)|(?<=\\u[\da-f]{4}))(?=([2-9]\d{12,18}(?!\d)|[2-9]\d{3}([ -])\d{4}\2\d{4}\2\d{1,7}(?!\d)|[2-9]\d{3}([ -])\d{6}\3\d{4,5}(?!\d)))/gi;

/** Request, hold and trace ids: their digits are no card, and without them no line finds its request. */
const ID = /\b(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32})\b/gi;

/** Masks secrets, keys, connection strings, e-mail addresses and card numbers in free text. */
export function maskText(text: string): string {
  const masked = SHAPES.reduce(
    (rest, [pattern, replacement]) => rest.replace(pattern, replacement),
    shorten(text),
  );
  const cards = [...masked.replace(ID, ' ').matchAll(CARD_LIKE)]
    .map(([, digits = '']) => digits)
    .filter(passesLuhn);
  return cards.reduce((rest, digits) => rest.replaceAll(digits, '[CARD]'), masked);
}

/** Cuts at a space, so that no half of a secret is left that has lost its shape. */
function shorten(text: string): string {
  if (text.length <= MAX_TEXT) return text;
  const head = text.slice(0, MAX_TEXT);
  const space = head.search(/\s\S*$/);
  return `${head.slice(0, Math.max(space, MAX_TEXT - 1000))} [CUT]`;
}

interface Budget {
  left: number;
}

/** A copy that is safe to log: secret names redacted, texts masked, errors with stack and causes. */
export const mask = (value: unknown): unknown => visit(value, { left: MAX_VALUES }, 0);

/** Masks named values: a secret name hides its value whole. */
export const maskFields = (fields: object): Record<string, unknown> =>
  visitFields(fields, { left: MAX_VALUES }, 0);

function visit(value: unknown, budget: Budget, depth: number): unknown {
  budget.left -= 1;
  if (budget.left < 0) return '[MORE]';
  if (typeof value === 'string') return maskText(value);
  if (typeof value === 'bigint') return maskText(value.toString());
  if (typeof value === 'number') return maskText(String(value)) === String(value) ? value : '[CARD]';
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return '[DEEP]';
  try {
    return visitObject(value, budget, depth);
  } catch {
    return '[UNREADABLE]'; // a getter, a proxy or a toJSON of the caller's threw: a log line must not
  }
}

function visitObject(value: object, budget: Budget, depth: number): unknown {
  if (value instanceof Error) return visitError(value, budget, depth);
  if (Array.isArray(value)) return visitItems(value, budget, depth);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} BYTES]`;
  if ('toJSON' in value && typeof value.toJSON === 'function') {
    return visit(Reflect.apply(value.toJSON, value, []), budget, depth + 1);
  }
  return visitFields(value, budget, depth);
}

/** What follows a secret name is hidden too: headers come as flat lists and as pairs. */
function visitItems(items: readonly unknown[], budget: Budget, depth: number): unknown[] {
  return items.slice(0, Math.max(budget.left, 0)).map((item, index) => {
    const before: unknown = items[index - 1];
    const isNamed = typeof before === 'string' && ONE_WORD.test(before) && SECRET_NAME.test(before);
    return isNamed ? REDACTED : visit(item, budget, depth + 1);
  });
}

function visitError(error: Error, budget: Budget, depth: number): unknown {
  const { name, message, stack, cause, ...rest } = error;
  return {
    name: maskText(name),
    message: maskText(message),
    stack: stack === undefined ? undefined : maskText(stack),
    ...visitFields(rest, budget, depth),
    ...(error instanceof AggregateError && { errors: visit(error.errors, budget, depth + 1) }),
    ...(cause !== undefined && { cause: visit(cause, budget, depth + 1) }),
  };
}

function visitFields(fields: object, budget: Budget, depth: number): Record<string, unknown> {
  const names = Object.keys(fields).slice(0, Math.max(budget.left, 0));
  return Object.fromEntries(
    names.map((name) => {
      const value: unknown = Reflect.get(fields, name);
      const isCount = typeof value === 'number' && TOKEN_COUNT.test(name);
      return [
        maskText(name),
        SECRET_NAME.test(name) && !isCount ? REDACTED : visit(value, budget, depth + 1),
      ];
    }),
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
