import type { Settings } from '@smart-ai-hub/shared/service';
import { defaultOf } from './services.ts';

const HEAD = `# Settings of every program, generated from their schemas (npm run env:example). Copy this file to .env and fill in
# what has no value: it has no default. Lines that begin with # show the default. NAME_FILE instead of NAME gives a
# file that holds the value.
`;

interface Entry {
  name: string;
  summary: string;
  programs: string[];
  setting: Settings[string];
}

/** The text of .env.example: each variable once, below the programs that read it. */
export function envExample(programs: Record<string, Settings>, compose: string): string {
  const entries = entriesOf(programs);
  const titles = [...new Set(entries.map(titleOf))];
  const sections = titles.map((title) =>
    section(title, entries.filter((entry) => titleOf(entry) === title).map(lines)),
  );
  const known = new Set(entries.map(({ name }) => name));
  const own = variablesOf(compose).filter(({ name }) => !known.has(name));
  const last = own.map(({ name, hint }) => `# ${hint}\n${name}=`);
  return [HEAD, ...sections, section('docker-compose.yml alone', last)].join('\n');
}

const titleOf = ({ programs }: Entry) => programs.join(', ');
const section = (title: string, parts: string[]) => `# ── ${title}\n\n${parts.join('\n')}\n`;

function entriesOf(programs: Record<string, Settings>): Entry[] {
  const found = new Map<string, Entry>();
  for (const [program, settings] of Object.entries(programs)) {
    for (const setting of Object.values(settings)) {
      const { name, summary } = setting;
      const entry = found.get(name) ?? { name, summary, programs: [], setting };
      found.set(name, { ...entry, programs: [...entry.programs, program] });
    }
  }
  return [...found.values()];
}

function lines({ name, summary, setting }: Entry): string {
  const known = defaultOf(setting);
  return `# ${summary}\n${known ? `# ${name}=${printed(known.value)}` : `${name}=`}`;
}

function printed(value: unknown): string {
  if (Array.isArray(value)) return value.join(',');
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Variables that a compose file demands, with the hint it gives when one is missing. */
export function variablesOf(compose: string): { name: string; hint: string }[] {
  return [...compose.matchAll(/\$\{(\w+):\?([^}]*)\}/g)].map(([, name = '', hint = '']) => ({ name, hint }));
}
