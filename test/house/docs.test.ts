import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import {
  DomainError,
  isRoleName,
  PERMISSIONS,
  PROBLEM_CODES,
  problemBody,
  PROBLEMS,
  ROLE_GRANTS,
  ROLES,
} from '@smart-ai-hub/shared/contracts';
import { shapeError } from '@smart-ai-hub/shared/service';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { OWN_TOOLS } from '../../packages/mcp-server/src/mcp/own-tools.ts';
import {
  anchorsOf,
  blockOf,
  commandsOf,
  diagramsOf,
  type Document,
  inlineCodeOf,
  linksOf,
  tableOf,
} from './markdown.ts';
import { ROOMS } from './rooms.ts';
import { readTree } from './source.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const documents: Document[] = readTree(`${ROOT}/`).filter(({ path }) => path.endsWith('.md'));
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const exists = (path: string) => existsSync(join(ROOT, path));

const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(read('package.json')));

/** npm's own verbs; all others are scripts of ours. */
const NPM_VERBS = new Set(['ci', 'install', 'audit', 'ls']);

type Judge = (verb: string, name: string) => string | undefined;

const scriptExists: Judge = (verb, name) => {
  const script = verb === 'run' ? name : verb;
  return NPM_VERBS.has(script) || script in scripts ? undefined : `there is no script ${script}`;
};
const isInstalled: Judge = (verb) =>
  exists(`node_modules/.bin/${verb}`) ? undefined : `${verb} is not installed`;
const fileExists: Judge = (file) =>
  file.startsWith('-') || exists(file) || isBuilt(file) ? undefined : `there is no file ${file}`;
const known: Judge = () => undefined;

/** Programs that a command of ours may begin with, and what must be true of their first words. */
const PROGRAMS = new Map<string, Judge>([
  ['npm', scriptExists],
  ['npx', isInstalled],
  ['node', fileExists],
  ['bash', fileExists],
  ...['git', 'cd', 'cp', 'curl', 'docker', 'openssl', 'pm2'].map((program): [string, Judge] => [
    program,
    known,
  ]),
]);

/** What is wrong with a command, if anything. */
function mistakeIn(command: string): string | undefined {
  const [program = '', verb = '', name = ''] = command.replace(/^([A-Z_]+=\S* )*/, '').split(/\s+/);
  const judge = PROGRAMS.get(program);
  return judge ? judge(verb, name) : `${program} is no program of ours`;
}

/** `packages/x/dist/main.js` is there after a build when `packages/x/src/main.ts` is. */
const isBuilt = (path: string) => exists(path.replace('/dist/', '/src/').replace(/\.js$/, '.ts'));

const PATH = /^(packages|bin|test|bench|docs|scripts|infrastructure|\.ci|\.github|\.husky)\/[\w./-]+$/;

describe('documents', () => {
  it('name commands that exist', () => {
    const typed = documents.flatMap(({ path, text }) =>
      [...commandsOf(text), ...inlineCodeOf(text).filter((code) => /^(npm|npx) \w/.test(code))].map(
        (command) => ({
          path,
          command,
          mistake: mistakeIn(command),
        }),
      ),
    );
    expect(typed.length).toBeGreaterThan(5);
    expect(typed.filter(({ mistake }) => mistake)).toEqual([]);
  });

  it('name files that exist', () => {
    const named = documents.flatMap(({ path, text }) =>
      inlineCodeOf(text)
        .filter((code) => PATH.test(code) && !exists(code) && !isBuilt(code))
        .map((code) => `${path}: ${code}`),
    );
    expect(named).toEqual([]);
  });

  it('link to what exists', () => {
    const broken = documents.flatMap(({ path, text }) =>
      linksOf(text)
        // GitHub resolves these on its own pages, beside the files.
        .filter((target) => !target.startsWith('../../actions/'))
        .filter((target) => !resolves(path, target))
        .map((target) => `${path}: ${target}`),
    );
    expect(broken).toEqual([]);
  });

  it('a command, a file and a link that do not exist are found', () => {
    expect(mistakeIn('npm run deploy-to-the-moon')).toBe('there is no script deploy-to-the-moon');
    expect(mistakeIn('npx leftpad')).toBe('leftpad is not installed');
    expect(mistakeIn('node bin/nothing.mjs')).toBe('there is no file bin/nothing.mjs');
    expect(mistakeIn('sudo reboot')).toBe('sudo is no program of ours');
    expect(commandsOf('```sh\n# why\nnpm start   # hub\n```\n')).toEqual(['npm start']);
    expect(resolves('README.md', 'docs/nothing.md')).toBe(false);
    expect(resolves('README.md', 'docs/architecture.md#no-such-heading')).toBe(false);
  });
});

function resolves(from: string, target: string): boolean {
  const [file = '', anchor] = target.split('#');
  const path = file === '' ? from : join(dirname(from), file);
  if (!exists(path)) return false;
  return anchor === undefined || !path.endsWith('.md') || anchorsOf(read(path)).includes(anchor);
}

describe('package.json', () => {
  it('has scripts whose files exist', () => {
    const files = Object.values(scripts).flatMap(
      (script) => /^node (?:--\S+ )*(\S+)/.exec(script)?.[1] ?? [],
    );
    expect(files.filter((file) => !exists(file))).toEqual([]);
  });
});

describe('problem pages', () => {
  const pages = readdirSync(join(ROOT, 'docs/problems')).filter((name) => name !== 'README.md');

  it('are there for every code, and for no other', () => {
    expect(pages.sort()).toEqual(PROBLEM_CODES.map((code) => `${code}.md`).sort());
  });

  it.each(PROBLEM_CODES)('%s says what the registry says and shows what is really sent', (code) => {
    const text = read(`docs/problems/${code}.md`);
    const { status, title } = PROBLEMS[code];
    expect(text).toMatch(new RegExp(`^# ${code}\n\n\\*\\*${status}\\*\\* · `));
    expect(text).toContain(`· ${title}\n`);
    expect(text).toContain('\n## What to do\n');
    const example: unknown = JSON.parse(blockOf(text, 'json'));
    expect(example).toEqual(sent(code, example));
  });

  it('are listed with status and title', () => {
    const rows = tableOf(`\n${read('docs/problems/README.md')}`, '# Problems');
    const expected = PROBLEM_CODES.map((code) => [
      `[${code}](${code}.md)`,
      String(PROBLEMS[code].status),
      PROBLEMS[code].title,
    ]);
    expect(rows).toEqual(expected);
  });
});

const openAiExample = z.object({ error: z.object({ message: z.string() }) });

/** What the hub would send in the place of an example. */
function sent(code: keyof typeof PROBLEMS, example: unknown): unknown {
  const openAi = openAiExample.safeParse(example);
  if (openAi.success) {
    const { message: detail } = openAi.data.error;
    return shapeError(new DomainError(code, { detail }), '/v1/chat/completions', '').body;
  }
  const { instance, requestId, detail, retryAfter, errors } = problemBody.parse(example);
  const error = new DomainError(code, {
    ...(detail !== undefined && { detail }),
    ...(retryAfter !== undefined && { retryAfter }),
    ...(errors && { errors }),
  });
  return shapeError(error, instance, requestId).body;
}

describe('architecture.md', () => {
  it('has one picture, which is the one of the README', () => {
    const pictures = diagramsOf(read('docs/architecture.md'));
    expect(pictures).toHaveLength(1);
    expect(diagramsOf(read('README.md'))).toEqual(pictures);
  });

  it('shows the import table that the tests hold', () => {
    const names = new Set(ROOMS.map(({ name }) => name));
    const cell = (entries: readonly string[]) => entries.map((entry) => `\`${entry}\``).join(' ') || '–';
    const expected = ROOMS.map(({ name, folder, mayUse }) => [
      `\`${name}\``,
      `\`${folder}\``,
      cell(mayUse.filter((entry) => names.has(entry))),
      cell(mayUse.filter((entry) => !names.has(entry))),
    ]);
    expect(tableOf(read('docs/architecture.md'), '## Who may import whom')).toEqual(expected);
  });
});

describe('access.md', () => {
  it('shows what the system roles start with', () => {
    const roles = Object.keys(ROLES).filter(isRoleName);
    const rows = PERMISSIONS.map((permission) => [
      `\`${permission}\``,
      ...roles.map((role) => ROLE_GRANTS[role][permission] ?? '–'),
    ]);
    expect(tableOf(read('docs/access.md'), '## What the roles start with')).toEqual(rows);
  });
});

describe('mcp.md', () => {
  it('shows the tools that there are', () => {
    const rows = OWN_TOOLS.map(({ name, title, permission }) => [`\`${name}\``, title, `\`${permission}\``]);
    expect(tableOf(read('docs/mcp.md'), '## Tools')).toEqual(rows);
  });
});

describe('decisions', () => {
  const names = readdirSync(join(ROOT, 'docs/decisions'))
    .filter((name) => name !== 'README.md')
    .sort();

  it('are numbered without a gap', () => {
    const numbers = names.map((name) => Number(/^(\d{4})-[a-z0-9-]+\.md$/.exec(name)?.[1]));
    expect(numbers).toEqual(names.map((_, index) => index + 1));
  });

  it.each(names)('%s says context, decision, consequences and confirmation', (name) => {
    const headings = [...read(`docs/decisions/${name}`).matchAll(/^## (.+)$/gm)].map(
      ([, heading]) => heading,
    );
    expect(headings).toEqual(['Context', 'Decision', 'Consequences', 'Confirmation']);
  });

  it('are all in the list', () => {
    const listed = linksOf(read('docs/decisions/README.md'));
    expect(listed).toEqual(names);
  });
});
