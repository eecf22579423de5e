import { z } from 'zod';
import { fields } from './fields.ts';

/** A field with what the annotated example says of it and shows. */
function told<S extends z.ZodType>(schema: S, description: string, ...examples: z.input<S>[]): S {
  return schema.meta({ description, examples });
}

const host = z.strictObject({
  name: told(fields.name, 'How hubctl calls it', 'staging-1'),
  address: told(fields.address, 'Where its sshd answers', '203.0.113.10'),
  port: told(fields.port.default(22), 'Port of its sshd'),
  user: told(fields.user.default('deploy'), 'Made by hubctl, and used from then on'),
  firstUser: told(fields.user.default('root'), 'Used while the other is not there yet'),
  timeZone: told(fields.timeZone.default('Etc/UTC'), 'Of its clock and its timers'),
});

const rate = (perSecond: number, burst: number) =>
  z
    .strictObject({
      perSecond: told(fields.count(1, 10_000).default(perSecond), 'Requests a second of one address'),
      burst: told(fields.count(0, 100_000).default(burst), 'Requests that may come at once on top'),
    })
    .prefault({});

const limits = z
  .strictObject({
    api: told(rate(10, 20), 'At nginx, for everything under /api'),
    signIn: told(rate(5, 10), 'At nginx, for signing in and up'),
    bodyMegabytes: told(fields.count(1, 1024).default(32), 'Largest request'),
    swapMegabytes: told(fields.count(0, 65_536).default(2048), 'Swap file; 0 for none'),
    journalMegabytes: told(fields.count(64, 65_536).default(1024), 'What the journal of systemd may take'),
    logDays: told(fields.count(1, 3650).default(30), 'How long logs are kept'),
  })
  .prefault({});

const operators = z.strictObject({
  keys: told(
    z.array(fields.publicKey).min(1, 'must name at least one key'),
    'Public keys that may sign in; all others are taken away',
    ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJLkcbbRmjXnzIm2Ir3kq0hHqmH6oGWQq3n0vT1Wk9aB operator@example.com'],
  ),
  addresses: told(
    z.array(fields.network).default([]),
    'Addresses or networks that fail2ban never bans; the one that hubctl comes from is added by itself',
    ['198.51.100.0/24'],
  ),
});

const certificates = z
  .strictObject({
    authorities: told(
      z.array(fields.https).default(['https://acme-v02.api.letsencrypt.org/directory']),
      'Directories of ACME; the next is asked where one gives no certificate. None while the domains lead elsewhere',
    ),
  })
  .prefault({});

const alerts = z
  .strictObject({
    email: told(
      z
        .strictObject({
          to: told(z.array(z.email('must be an e-mail address')).min(1), 'Who is written to', [
            'ops@example.com',
          ]),
        })
        .optional(),
      'By e-mail',
    ),
    slack: told(
      z
        .strictObject({
          secret: told(fields.name, 'Name of the secret that holds the webhook’s address', 'slack-webhook'),
        })
        .optional(),
      'To a channel of Slack',
    ),
    webhook: told(
      z
        .strictObject({
          url: told(fields.https, 'Gets each alert as JSON', 'https://alerts.example.com/hub'),
        })
        .optional(),
      'To a server of yours',
    ),
  })
  .prefault({});

const schedules = z
  .strictObject({
    updates: told(fields.timeOfDay.default('04:00'), 'Security updates may restart the machine at this time'),
    backup: told(fields.timeOfDay.default('02:30'), 'Full or incremental backup'),
    drill: told(fields.timeOfDay.default('03:15'), 'Restore of the last backup into a fresh cluster'),
  })
  .prefault({});

const secrets = z
  .strictObject({
    readers: told(
      z
        .array(
          z.strictObject({
            name: told(fields.name, 'How hubctl calls them', 'ann'),
            recipient: told(
              fields.recipient,
              'Public part of their age identity; hubctl secrets key prints yours',
              'age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p',
            ),
          }),
        )
        .default([]),
      'Who can read and change the secrets of this environment',
    ),
    services: told(
      z
        .array(
          z.strictObject({
            name: told(fields.name, 'Of the folder below /run/smart-ai-hub', 'core-service'),
            user: told(fields.user.default('root'), 'Who alone may read the files in it'),
            secrets: told(
              z.array(fields.name).min(1, 'must name at least one secret'),
              'Each becomes a file of this name',
              ['service-token'],
            ),
          }),
        )
        .default([]),
      'What runs on the hosts, and the secrets that it gets',
    ),
  })
  .prefault({});

const pools = z
  .strictObject({
    budget: told(
      fields.count(5, 10_000).default(80),
      'Connections that all services may open together: DATABASE_POOL_BUDGET',
    ),
    perProcess: told(fields.count(1, 100).default(10), 'Connections of one process: DATABASE_POOL_MAX'),
    processes: told(
      fields.count(1, 1000).default(8),
      'Processes of auth-service and core-service, twice while one release follows another',
    ),
  })
  .refine(({ budget, perProcess, processes }) => perProcess * processes <= budget, {
    message: 'processes × perProcess is over the budget of connections',
  })
  .prefault({});

const engines = z
  .strictObject({
    postgres: told(z.boolean().default(false), 'PostgreSQL, with the database of the services', true),
    redis: told(z.boolean().default(false), 'Redis, for limits, sessions and what was revoked', true),
    docker: told(
      z.boolean().default(false),
      'Docker Engine with Compose, for releases that are images',
      true,
    ),
    pm2: told(z.boolean().default(false), 'A unit that starts PM2, for releases that are folders', true),
    pools: told(pools, 'Connections to PostgreSQL'),
  })
  .prefault({});

const environment = z.strictObject({
  hosts: told(z.array(host).min(1, 'must name at least one host'), 'The machines'),
  domains: told(
    z.array(fields.domain).min(1, 'must name at least one domain'),
    'The first is the address of the platform; others lead there',
    ['staging.hub.example.com'],
  ),
  certificates: told(certificates, 'Who vouches for the domains; renewed when a third of their life is left'),
  operators: told(operators, 'The people who may sign in to the machines'),
  secrets: told(secrets, 'Who can read secrets, and what gets them'),
  engines: told(engines, 'What runs beside the services'),
  limits: told(limits, 'What one address, one request and the disk may take'),
  alerts: told(alerts, 'Where alerts go'),
  schedules: told(schedules, 'When things happen, in the time zone of the host'),
});

/** hub.config.yaml: the machines and what they shall be. Every key that is not here is refused. */
export const configSchema = z
  .strictObject({
    version: told(z.literal(1, 'must be 1'), 'Of the format of this file', 1),
    environments: told(
      z.strictObject({
        staging: told(environment.optional(), 'Where a release is tried'),
        production: environment.optional(),
      }),
      'staging, production, or both',
    ),
  })
  .superRefine(({ environments }, ctx) => {
    if (!environments.staging && !environments.production) {
      ctx.addIssue({ code: 'custom', path: ['environments'], message: 'must have staging or production' });
    }
    for (const { path, message } of repeated(environments)) {
      ctx.addIssue({ code: 'custom', path, message });
    }
  });

export type HubConfig = z.output<typeof configSchema>;
export type EnvironmentName = keyof HubConfig['environments'];
export type Environment = z.output<typeof environment>;
export type Host = z.output<typeof host>;

interface Mistake {
  path: (string | number)[];
  message: string;
}

/** Names, machines and domains that stand there twice, over all environments. */
function repeated(environments: HubConfig['environments']): Mistake[] {
  const { staging, production } = environments;
  const present = Object.entries({ ...(staging && { staging }), ...(production && { production }) });
  const entries = present.flatMap(([name, { hosts, domains }]) => [
    ...hosts.flatMap((one, index) => [
      { text: `host ${one.name}`, path: ['environments', name, 'hosts', index, 'name'] },
      { text: `machine ${one.address}:${one.port}`, path: ['environments', name, 'hosts', index, 'address'] },
    ]),
    ...domains.map((domain, index) => ({
      text: `domain ${domain}`,
      path: ['environments', name, 'domains', index],
    })),
  ]);
  const seen = new Set<string>();
  return entries.flatMap(({ text, path }) => {
    const isRepeated = seen.has(text);
    seen.add(text);
    return isRepeated ? [{ path, message: `repeats the ${text}` }] : [];
  });
}
