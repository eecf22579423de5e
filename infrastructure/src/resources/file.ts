import { createHash } from 'node:crypto';
import { type Command } from '../commands/command.ts';
import { type Check, readFile, removeFile, writeFile } from '../commands/files.ts';
import type { Change, Line, Resource, ResourceClass } from './resource.ts';
import { textDiff } from './text-diff.ts';

export interface FileSpec {
  path: string;
  content: string;
  mode?: string;
  owner?: string;
  group?: string;
  class?: ResourceClass;
  after?: readonly string[];
  /** The content is shown nowhere, and compared by its hash. */
  secret?: boolean;
  /** A program that judges the file; it is given the file's temporary name where it runs before. */
  check?: Check;
  /** What makes a new content count, such as a reload. It runs again when it was cut off. */
  then?: readonly Command[];
  /** What makes the old content count again; for files whose change could lock the operator out. */
  undo?: readonly Command[];
  /** Where it is remembered that `then` has to run. */
  stateFolder?: string;
}

type Wanted = Required<Omit<FileSpec, 'check' | 'undo'>> &
  Pick<FileSpec, 'check' | 'undo'> & { marker: string };

/** A file with this content, mode and owner; what it is for is brought into force after it changed. */
export function file(spec: FileSpec): Resource {
  const wanted = withDefaults(spec);
  return {
    id: fileId(spec.path),
    class: wanted.class,
    after: wanted.after,
    reads: [readFile(wanted.path, wanted.marker || '/nonexistent', wanted.secret)],
    compare: ([found]) => compare(found?.stdout ?? '', wanted),
  };
}

export const fileId = (path: string) => `file ${path}`;

function withDefaults(spec: FileSpec): Wanted {
  const { path, then = [], stateFolder = '/var/lib/hub' } = spec;
  return {
    ...{ mode: '0644', owner: 'root', group: 'root', class: 'safe', after: [], secret: false },
    ...spec,
    ...{ then, stateFolder },
    marker: then.length > 0 ? `${stateFolder}/pending/${path.slice(1).replaceAll('/', '-')}` : '',
  };
}

function compare(found: string, wanted: Wanted): Change | undefined {
  const [stat = '', state = '', ...rest] = found.split('\n');
  const lines = [...statLines(stat, wanted), ...contentLines(stat, rest.join('\n'), wanted)];
  const isPending = state === 'pending';
  if (lines.length === 0 && !isPending) return undefined;
  const settle = wanted.then.length > 0 ? [...wanted.then, removeFile(wanted.marker)] : [];
  return {
    lines: lines.length > 0 ? lines : [{ sign: '~', text: 'changed before, and not in force yet' }],
    commands: [...(lines.length > 0 ? [writeFile(wanted)] : []), ...settle],
    ...(wanted.undo && { revert: { files: [wanted.path], commands: wanted.undo } }),
  };
}

function statLines(stat: string, { mode, owner, group }: Wanted): Line[] {
  if (stat === 'missing') return [];
  const [type = '', ...now] = stat.split('|');
  const shall = [mode.replace(/^0+/, ''), owner, group];
  if (!type.startsWith('regular')) return [{ sign: '~', text: `is a ${type}, shall be a file` }];
  if (now.join(' ') === shall.join(' ')) return [];
  return [{ sign: '~', text: `mode and owner: ${now.join(' ')} → ${shall.join(' ')}` }];
}

function contentLines(stat: string, content: string, wanted: Wanted): Line[] {
  if (!wanted.secret) {
    // An empty file has no lines to show.
    if (stat === 'missing' && wanted.content === '') return [{ sign: '+', text: '(an empty file)' }];
    return textDiff(content, wanted.content);
  }
  const digest = createHash('sha256').update(wanted.content).digest('hex');
  if (content.startsWith(digest)) return [];
  return [{ sign: stat === 'missing' ? '+' : '~', text: 'content that is secret, not shown' }];
}
