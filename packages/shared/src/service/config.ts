import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { Secret } from './secret.ts';

export interface Setting<S extends z.ZodType = z.ZodType> {
  /** Name of the environment variable. */
  name: string;
  schema: S;
  /** One line for `.env.example`. */
  summary: string;
}

export type Settings = Record<string, Setting>;
export type Config<T extends Settings> = { [K in keyof T]: z.output<T[K]['schema']> };

/** One setting: the variable it comes from, what it may be, and what it is for. */
export const setting = <S extends z.ZodType>(name: string, schema: S, summary: string): Setting<S> => ({
  name,
  schema,
  summary,
});

/** Values that people paste from examples; a secret is refused when it is one, or only one character repeated. */
const WEAK = /^(.)\1*$|change.?me|example|password|secret-?secret|0123456789/i;

export const fields = {
  /** At least 32 characters, no default, refused when weak. */
  secret: z
    .string()
    .min(32, 'must have at least 32 characters')
    .refine((value) => !WEAK.test(value), 'is too weak; make one with `openssl rand -base64 32`')
    .transform((value) => new Secret(value)),
  /** A key of 32 random bytes in base64url. */
  bytes32: z
    .string()
    .regex(
      /^[\w-]{43}$/,
      'must be 32 random bytes in base64url; make them with `openssl rand 32 | basenc --base64url -w0 | tr -d =`',
    )
    .refine((value) => !WEAK.test(value), 'is too weak')
    .transform((value) => new Secret(value)),
  /** A URL that may hold a password, so that it never prints. */
  secretUrl: (...protocols: string[]) =>
    z
      .string()
      .refine(
        (value) => URL.canParse(value) && protocols.includes(new URL(value).protocol),
        `must be a ${protocols.join(' or ')} URL`,
      )
      .transform((value) => new Secret(value)),
  url: z.url({ protocol: /^https?$/ }).transform((value) => value.replace(/\/+$/, '')),
  /** 0 lets the system choose one. */
  port: z.coerce.number().int().min(0).max(65_535),
  flag: z.enum(['true', 'false']).transform((value) => value === 'true'),
  list: z.string().transform((value) =>
    value
      .split(',')
      .map((item) => item.trim())
      .filter(Boolean),
  ),
  json: <S extends z.ZodType>(schema: S) =>
    z
      .string()
      .transform((text, ctx): unknown => {
        try {
          return JSON.parse(text);
        } catch {
          ctx.addIssue({ code: 'custom', message: 'is not JSON' }); // the parser's own words quote the value
          return z.NEVER;
        }
      })
      .pipe(schema),
};

/** Settings that every service has. */
export const commonSettings = {
  environment: setting(
    'NODE_ENV',
    z.enum(['development', 'production', 'test']).default('development'),
    'development, production or test',
  ),
  logLevel: setting(
    'LOG_LEVEL',
    z.enum(['error', 'warn', 'info', 'debug']).optional(),
    'error, warn, info or debug; debug in development, info in production',
  ),
  host: setting('HOST', z.string().default('127.0.0.1'), 'Address that services listen on'),
  serviceToken: setting('SERVICE_TOKEN', fields.secret, 'What our services show each other'),
  redisUrl: setting(
    'REDIS_URL',
    fields.secretUrl('redis:', 'rediss:').optional(),
    'Redis 7 or later; required in production',
  ),
};

/** Of every service that stores what it has to read again. */
export const sealingKey = setting(
  'SEALING_KEY',
  fields.bytes32,
  'Encrypts what is stored and has to be read again: 32 random bytes in base64url; without it that is lost',
);

/** Every bad setting, one a line with name and reason; never its value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(`bad configuration:\n${lines.map((line) => `  ${line}`).join('\n')}`);
    this.lines = lines;
  }
}

/**
 * Reads settings from `env`; `NAME_FILE` names a file that holds the value (Docker and systemd secrets).
 * Throws a ConfigError that lists every mistake.
 */
export function readConfig<T extends Settings>(
  settings: T,
  env: Record<string, string | undefined>,
): Config<T> {
  const mistakes: string[] = [];
  const entries = Object.entries(settings).map(([key, { name, schema }]) => {
    const raw = rawValue(name, env);
    const parsed = schema.safeParse(raw.value);
    if (parsed.success && !raw.mistake) return [key, parsed.data] as const;
    mistakes.push(raw.mistake ?? reasonOf(name, raw.value, parsed.error));
    return [key, undefined] as const;
  });
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return Object.fromEntries(entries) as Config<T>; // each value came from the schema of its own key
}

function reasonOf(name: string, value: string | undefined, error: z.ZodError | undefined): string {
  if (value === undefined) return `${name} is missing`;
  const reasons = (error?.issues ?? []).map(({ message, path }) =>
    path.length > 0 ? `${message} at ${path.join('.')}` : message,
  );
  return `${name}: ${reasons.join('; ')}`;
}

interface RawValue {
  value: string | undefined;
  mistake?: string;
}

/** What is empty is not set: a compose file passes on what nobody filled in. */
function rawValue(name: string, env: Record<string, string | undefined>): RawValue {
  const file = env[`${name}_FILE`];
  if (!file) return { value: env[name] === '' ? undefined : env[name] };
  try {
    const text = readFileSync(file, 'utf8').trim();
    return { value: text === '' ? undefined : text };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    return { value: undefined, mistake: `${name}_FILE: ${file} cannot be read (${code})` };
  }
}

/** The program's only read of its environment; a `.env` file in the working folder fills what is not set. */
export function environment(): Record<string, string | undefined> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return process.env;
}
