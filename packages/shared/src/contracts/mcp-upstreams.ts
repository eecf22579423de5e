import { z } from 'zod';
import { isUnique, TWICE } from './fields.ts';

/** Revisions of the protocol that a server may be spoken to in; `auto` finds out. */
export const MCP_ERAS = ['auto', '2026-07-28', '2025-11-25'] as const;
export type McpEra = (typeof MCP_ERAS)[number];

/** What is no address at all is refused before. */
function isOriginAndPath(text: string): boolean {
  if (!URL.canParse(text)) return true;
  const { username, password, search, hash } = new URL(text);
  return username + password + search + hash === '';
}

/** It holds no credential, since addresses are shown and logged. */
const url = z
  .url({ protocol: /^https?$/ })
  .max(2000)
  .refine(isOriginAndPath, 'holds more than an origin and a path');

/** The protocol's own, and those of the connection (RFC 9110, 7.6.1): a server is not to be told otherwise. */
const OWN_HEADERS =
  /^(?:host|accept|connection|keep-alive|te|trailer|upgrade|expect|content-.+|transfer-.+|proxy-.+|mcp-.+|last-event-id)$/i;

const header = z.strictObject({
  name: z
    .string()
    .regex(/^[\w!#$%&'*+.^`|~-]{1,100}$/, 'is no name of a header')
    .refine((name) => !OWN_HEADERS.test(name), 'is a header of the protocol itself'),
  /** Printable ASCII without blanks around it (RFC 9110, 5.5). */
  value: z.string().regex(/^[\x21-\x7e](?:[\x20-\x7e]{0,7998}[\x21-\x7e])?$/, 'is no value of a header'),
});

/** A name that the machine's owner allowed, or a path of it; never a line for a shell. */
const command = z.string().regex(/^(?:\w[\w.+-]{0,99}|(?:\/\.?[\w@+-][\w.@+-]*){1,20})$/, 'is no program');

const hasNoZero = (text: string) => !text.includes('\0');

/** One argument as it is given to the program: no shell reads it, and no zero byte ends it early. */
const argument = z.string().max(4000).refine(hasNoZero, 'has a zero byte');

/** They make a program run, load or find other code than the one that was allowed. */
const LOADERS =
  /^(?:PATH|HOME|SHELL|ENV|IFS|BASH_.*|LD_.*|DYLD_.*|GCONV_PATH|NODE_.*|NPM_.*|PYTHON.*|PERL.*|RUBY.*|GEM_.*|GIT_.*|SSH_.*|UV_.*|PIP_.*|DENO_.*|BUN_.*|JAVA_.*|JDK_.*|_JAVA_.*|CLASSPATH|PHP.*|DOTNET_.*|CORECLR_.*|LUA_.*|XDG_.*|EDITOR|PAGER|BROWSER)$/i;

const variable = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z_]\w{0,99}$/, 'is no name of a variable')
    .refine((name) => !LOADERS.test(name), 'could make the program run other code'),
  value: z
    .string()
    .max(8000)
    .refine((text) => !text.includes('\0'), 'has a zero byte'),
});

const headers = z
  .array(header)
  .max(20)
  .refine((list) => isUnique(list.map(({ name }) => name.toLowerCase())), TWICE);
const env = z
  .array(variable)
  .max(50)
  .refine((list) => isUnique(list.map(({ name }) => name)), TWICE);

const overHttp = { type: z.literal('http'), url };
const overStdio = {
  type: z.literal('stdio'),
  command,
  args: z.array(argument).max(50),
  /** Of one child with all that it started. */
  maxMemoryMb: z.int().min(32).max(65_536),
  /** Children at once, in one process of the hub. */
  maxChildren: z.int().min(1).max(1000),
  /** Seconds without a call after which a child is ended. */
  idleSeconds: z.int().min(5).max(86_400),
};

/** How a server is reached, as it is given. Secrets that are left out stay as they are, or are none. */
export const mcpTransport = z.discriminatedUnion('type', [
  z.strictObject({ ...overHttp, headers: headers.optional() }),
  z.strictObject({
    ...overStdio,
    args: overStdio.args.default([]),
    env: env.optional(),
    maxMemoryMb: overStdio.maxMemoryMb.default(512),
    maxChildren: overStdio.maxChildren.default(8),
    idleSeconds: overStdio.idleSeconds.default(300),
  }),
]);
export type McpTransport = z.output<typeof mcpTransport>;

/** As it is shown: of its secrets the names alone. */
export const shownTransport = z.discriminatedUnion('type', [
  z.object({ ...overHttp, url: z.string(), headerNames: z.array(z.string()) }),
  z.object({
    ...overStdio,
    command: z.string(),
    args: z.array(z.string()),
    envNames: z.array(z.string()),
  }),
]);
export type ShownTransport = z.output<typeof shownTransport>;

const secret = z.object({ name: z.string(), value: z.string() });
export type McpSecret = z.output<typeof secret>;

/** With its secrets, as the service that speaks to it needs it. */
export const openedTransport = z.discriminatedUnion('type', [
  z.object({
    ...overHttp,
    url: z.string(),
    headers: z.array(secret),
    /** The machine's owner allowed its origin to be local, or to speak http. */
    mayBeLocal: z.boolean(),
  }),
  z.object({ ...overStdio, command: z.string(), args: z.array(z.string()), env: z.array(secret) }),
]);
export type OpenedTransport = z.output<typeof openedTransport>;

/** The part of a transport that says whom its secrets are told. */
type Target = { type: 'http'; url: string } | { type: 'stdio'; command: string; args: readonly string[] };

/** True where secrets that were given for the one may be told to the other: the same address, or program and arguments. */
export function isSameTarget(one: Target, other: Target): boolean {
  if (one.type === 'http') return other.type === 'http' && one.url === other.url;
  return (
    other.type === 'stdio' &&
    one.command === other.command &&
    JSON.stringify(one.args) === JSON.stringify(other.args)
  );
}
