import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { isProblemCode, PROBLEMS } from '@smart-ai-hub/shared/contracts';
import { createApp, createLogger, type Settings } from '@smart-ai-hub/shared/service';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { exampleFile } from '../../infrastructure/src/config/annotate.ts';
import { environmentOf, readConfig } from '../../infrastructure/src/config/read.ts';
import { edgeText } from '../../infrastructure/src/host/edge.ts';
import { securityHeaders } from '../../packages/api-gateway/src/security-headers.ts';
import { WAYS } from '../../packages/api-gateway/src/upstreams.ts';
import { defaultOf, portOf, SERVICES } from './services.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const names = Object.keys(SERVICES);

const words = z.record(z.string(), z.coerce.string());
const service = z.looseObject({
  build: z.looseObject({ args: words }).optional(),
  image: z.string().optional(),
  command: z.array(z.string()).optional(),
  environment: words.default({}),
  secrets: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  deploy: z.looseObject({ resources: z.looseObject({ limits: words }).optional() }).optional(),
});
const composeFile = z.looseObject({
  services: z.record(z.string(), service),
  secrets: z.record(z.string(), z.object({ file: z.string() })).default({}),
});

const compose = (path: string) => composeFile.parse(parse(read(path), { merge: true }));
const development = compose('docker-compose.yml');
const production = compose('docker-compose.prod.yml');

/** What a service must be given, production's own demands included. */
const required = (settings: Settings) => [
  ...Object.values(settings)
    .filter((setting) => !defaultOf(setting))
    .map(({ name }) => name),
  'REDIS_URL',
];

describe.each([
  ['docker-compose.yml', development],
  ['docker-compose.prod.yml', production],
])('%s', (_path, { services }) => {
  it.each(names)('gives %s settings that it has, and all that it needs', (name) => {
    const settings: Settings = SERVICES[name] ?? {};
    const given = Object.keys(services[name]?.environment ?? {}).map((variable) =>
      variable.replace(/_FILE$/, ''),
    );
    const shared = ['AUTH_URL', 'CORE_URL', 'MCP_URL']; // one block for all; a service without a use leaves it
    const known = [...Object.values(settings).map((setting) => setting.name), ...shared];
    expect(given.filter((variable) => !known.includes(variable))).toEqual([]);
    expect(required(settings).filter((variable) => !given.includes(variable))).toEqual([]);
  });

  it.each(names)('knows where %s answers', (name) => {
    const address = `http://${name}:${String(portOf(name))}`;
    const variable = `${name.split('-', 1)[0]?.toUpperCase() ?? ''}_URL`;
    const told = Object.values(services).flatMap(({ environment }) => environment[variable] ?? []);
    expect(told.every((url) => url === address)).toBe(true);
  });

  it('publishes the gateway alone, on loopback', () => {
    const published = Object.entries(services).filter(([, { ports }]) => ports.length > 0);
    expect(published.map(([name, { ports }]) => [name, ports])).toEqual([
      ['api-gateway', ['127.0.0.1:3000:3000']],
    ]);
    expect(portOf('api-gateway')).toBe(3000);
  });

  it('starts the migrations as the code names them', () => {
    const file = services['migrate']?.command?.[1] ?? '';
    expect(
      existsSync(join(ROOT, 'packages/standalone', file.replace('dist/', 'src/').replace('.js', '.ts'))),
    ).toBe(true);
  });
});

describe('docker-compose.yml', () => {
  it.each(names)('builds %s with its port', (name) => {
    expect(development.services[name]?.build?.args).toEqual({ SERVICE: name, PORT: String(portOf(name)) });
  });
});

describe('docker-compose.prod.yml', () => {
  const { services, secrets } = production;

  it.each([...names, 'migrate'])('runs %s from an image by tag, never built on the way', (name) => {
    const image = name === 'migrate' ? 'standalone' : name;
    expect(services[name]?.image).toBe(`\${REGISTRY:?}/smart-ai-hub-${image}:\${TAG:?}`);
    expect(services[name]?.build).toBeUndefined();
  });

  it.each(names)('limits %s to what the product promises', (name) => {
    expect(services[name]?.deploy?.resources?.limits).toEqual({ cpus: '1', memory: '512M' });
  });

  it('brings secrets as files, each declared and each used', () => {
    const used = Object.values(services).flatMap(({ environment, secrets: mounted }) => {
      const files = Object.entries(environment).filter(([variable]) => variable.endsWith('_FILE'));
      expect(
        files.map(([, file]) => file.replace('/run/secrets/', '')).filter((name) => !mounted.includes(name)),
      ).toEqual([]);
      return mounted;
    });
    expect([...new Set(used)].sort()).toEqual(Object.keys(secrets).sort());
  });
});

describe('Dockerfile', () => {
  const text = read('Dockerfile');

  it('stands on the Node.js of .nvmrc', () => {
    const version = read('.nvmrc').trim();
    const images = [...text.matchAll(/^FROM (node:\S+)/gm)].map(([, image]) => image);
    expect(new Set(images)).toEqual(new Set([`node:${version}-bookworm-slim`]));
  });

  it('copies the package.json of every workspace', () => {
    const { workspaces } = z
      .object({ workspaces: z.array(z.string()) })
      .parse(JSON.parse(read('package.json')));
    const copied = [...text.matchAll(/^COPY (\S+)\/package\.json \S+\/$/gm)].map(([, folder]) => folder);
    expect(copied.sort()).toEqual(workspaces.sort());
  });

  it('runs as nobody in particular, and its health check asks what the services answer', async () => {
    expect(text.indexOf('\nUSER node\n')).toBeGreaterThan(text.lastIndexOf('\nFROM '));
    const path = /HEALTH_URL=http:\/\/127\.0\.0\.1:\$\{PORT\}(\/\w+)/.exec(text)?.[1] ?? '';
    const app = createApp({
      service: 'x',
      version: '0',
      logger: createLogger({ service: 'x', version: '0', level: 'error' }),
    });
    await app.ready();
    expect(app.hasRoute({ method: 'GET', url: path })).toBe(true);
    await app.close();
  });
});

it('bin/images.mjs builds every service with its port', () => {
  const built = [...read('bin/images.mjs').matchAll(/^ {2}'?([\w-]+)'?: (\d+),$/gm)].map(([, name, port]) => [
    name,
    Number(port),
  ]);
  expect(built).toEqual([
    ...names.map((name) => [name, portOf(name)]),
    ['standalone', portOf('api-gateway')],
  ]);
});

describe('ecosystem.config.cjs', () => {
  const app = z.looseObject({
    name: z.string(),
    script: z.string(),
    exec_mode: z.literal('cluster'),
    wait_ready: z.literal(true),
    node_args: z.array(z.string()),
    kill_timeout: z.number(),
  });
  const { apps } = z
    .object({ apps: z.array(app) })
    .parse(createRequire(import.meta.url)('../../ecosystem.config.cjs'));

  it('starts every service by the entry file of the containers', () => {
    expect(apps.map(({ name }) => name).sort()).toEqual([...names].sort());
    for (const { name, script } of apps) {
      expect(script).toBe(`packages/${name}/dist/main.js`);
      expect(existsSync(join(ROOT, `packages/${name}/src/main.ts`))).toBe(true);
    }
  });

  it('gives Node the options of `npm start` and of the containers', () => {
    const { scripts } = z
      .object({ scripts: z.object({ start: z.string() }) })
      .parse(JSON.parse(read('package.json')));
    const command = z.array(z.string()).parse(JSON.parse(/^CMD (.+)$/m.exec(read('Dockerfile'))?.[1] ?? ''));
    const options = command.slice(1, -1);
    expect(options).not.toEqual([]);
    expect(scripts.start.split(' ').slice(1, -1)).toEqual(options);
    for (const { node_args: given } of apps) expect(given).toEqual(options);
  });

  it('waits for longer than a service drains', () => {
    const drain = Number(
      /DRAIN = ([\d_]+)/.exec(read('packages/shared/src/service/start.ts'))?.[1]?.replace('_', ''),
    );
    expect(drain).toBeGreaterThan(0);
    for (const { kill_timeout: patience } of apps) expect(patience).toBeGreaterThan(drain);
  });
});

describe('workflows', () => {
  const step = z.looseObject({ uses: z.string().optional(), run: z.string().optional() });
  const workflow = z.looseObject({
    permissions: z.record(z.string(), z.enum(['read', 'none'])),
    concurrency: z.looseObject({ group: z.string() }),
    jobs: z.record(z.string(), z.looseObject({ 'timeout-minutes': z.number(), steps: z.array(step) })),
  });
  const folder = '.github/workflows';
  const files = readdirSync(join(ROOT, folder)).map((name): [string, string] => [
    name,
    read(`${folder}/${name}`),
  ]);

  it.each(files)('%s reads only, stops older runs, and pins each action by its commit', (_name, text) => {
    const { jobs } = workflow.parse(parse(text));
    const uses = Object.values(jobs).flatMap(({ steps }) => steps.flatMap((each) => each.uses ?? []));
    expect(uses.filter((action) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/.test(action))).toEqual([]);
    const commented = [...text.matchAll(/uses: \S+ # v\d+\.\d+\.\d+$/gm)];
    expect(commented).toHaveLength(uses.length);
  });

  it.each(files)('%s runs scripts that exist', (_name, text) => {
    const { scripts } = z
      .object({ scripts: z.record(z.string(), z.string()) })
      .parse(JSON.parse(read('package.json')));
    const called = [...text.matchAll(/run: npm run ([\w:-]+)/g)].map(([, script = '']) => script);
    expect(called.length).toBeGreaterThan(0);
    expect(called.filter((script) => !(script in scripts))).toEqual([]);
  });
});

describe('nginx', () => {
  const text = edgeText(environmentOf(readConfig(exampleFile(), 'example'), 'staging'));
  const prefixes = [...text.matchAll(/location ~ \^\/\(([^)]*)\)/g)].map(([, names]) => names);
  const passes = new RegExp(`^/(${prefixes.join('|')})(/|$)`);

  const waysThat = (local: boolean) =>
    WAYS.filter((way) => Boolean(way.local) === local).map(({ prefix }) => prefix);

  it.each(waysThat(false))('passes %s on to the gateway', (prefix) => {
    expect(prefix).toMatch(passes);
  });

  it.each([...waysThat(true), '/internal/access', '/metrics', '/sign-in'])('keeps %s from it', (path) => {
    expect(path).not.toMatch(passes);
  });

  it('says to browsers what the gateway says, word for word', () => {
    const said = [
      ...read('infrastructure/templates/nginx/headers.conf').matchAll(/^\s*add_header (\S+) (.*) always;$/gm),
    ];
    const headers = said.map(([, name = '', value = '']) => [
      name.toLowerCase(),
      value.replace(/^(["'])(.*)\1$/, '$2'),
    ]);
    expect(Object.fromEntries(headers)).toEqual({
      ...securityHeaders(true),
      'x-request-id': '$hub_request_id',
    });
  });

  it('answers with problems of the registry', () => {
    const bodies = [...text.matchAll(/return (\d+) '(\{"type".*\})';/g)];
    expect(bodies).toHaveLength(4);
    for (const [, status, body = ''] of bodies) {
      const problem = z.looseObject({ code: z.string(), status: z.int() }).parse(JSON.parse(body));
      expect(isProblemCode(problem.code) && PROBLEMS[problem.code]).toEqual({
        ...{ status: Number(status), title: problem['title'] },
      });
      expect(problem).toMatchObject({ status: Number(status), type: `/problems/${problem.code}` });
    }
  });

  it.each([
    ['burst of the API', 'limit_req zone=hub_api burst=20 nodelay'],
    ['10 a second', 'zone=hub_api:10m rate=10r/s'],
    ['burst of signing in', 'limit_req zone=hub_sign_in burst=10 nodelay'],
    ['5 a second', 'zone=hub_sign_in:10m rate=5r/s'],
  ])('limits as the product promises: %s', (_, line) => {
    expect(text).toContain(line);
  });
});
