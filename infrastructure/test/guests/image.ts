import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { attempt } from './call.ts';
import { LABEL } from './engine.ts';
import { IMAGE_FILES, type ImageFile } from './image-files.ts';
import { aptSettings, debianSources, RELEASE } from './machine-apt.ts';

/** What the smallest image of a provider has beyond the essential packages. */
const PACKAGES = [
  ...['systemd', 'systemd-sysv', 'dbus', 'openssh-server', 'ca-certificates'],
  ...['iproute2', 'sudo', 'cron', 'procps', 'kmod', 'less'],
];

const STAGE = 'stage';
const SOURCES = 'machine.list';

export interface Recipe {
  sources: string[];
  files: ImageFile[];
}

/** The image of a bare Debian 12 server, built with this machine's own packages when it is not there yet. */
export async function ensureImage(recipe: Recipe): Promise<string> {
  const key = createHash('sha256')
    .update(JSON.stringify([PACKAGES, recipe]))
    .digest('hex');
  const tag = `smart-ai-hub-guest:${key.slice(0, 12)}`;
  const { code } = await attempt('docker', ['image', 'inspect', tag]);
  if (code !== 0) await build(recipe, tag);
  return tag;
}

/** What the image is made from on this machine. */
export async function readRecipe(): Promise<Recipe> {
  const [sources, settings] = await Promise.all([debianSources(), aptSettings()]);
  const path = 'etc/apt/apt.conf.d/90machine';
  return {
    sources,
    files: [...IMAGE_FILES, { path, text: settings.map((line) => `${line}\n`).join(''), mode: 0o644 }],
  };
}

async function build({ sources, files }: Recipe, tag: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'hub-guest-image-'));
  try {
    for (const { path, text: content, mode } of files) {
      const target = join(folder, STAGE, path);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, content, { mode });
    }
    await writeFile(join(folder, SOURCES), sources.map((line) => `${line}\n`).join(''));
    await bootstrap(folder, sources.length > 0 ? [SOURCES] : [], tag);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** mmdebstrap's archive goes straight into Docker. */
async function bootstrap(cwd: string, mirror: string[], tag: string): Promise<void> {
  const make = spawn(
    'mmdebstrap',
    [
      ...['--mode=root', '--variant=apt', '--format=tar', `--include=${PACKAGES.join(',')}`],
      `--customize-hook=sync-in ${STAGE} /`,
      // Each guest makes its own; and nobody signs in without having been let in.
      '--customize-hook=chroot "$1" sh -c "rm -f /etc/ssh/ssh_host_*; install -d -m 700 /root/.ssh"',
      ...[RELEASE, '-', ...mirror],
    ],
    { cwd, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const keep = spawn(
    'docker',
    ['import', '--change', 'CMD ["/usr/local/sbin/guest-boot"]', '--change', `LABEL ${LABEL}=base`, '-', tag],
    { stdio: ['pipe', 'ignore', 'pipe'] },
  );
  const ends = Promise.all([ended(make, 'mmdebstrap'), ended(keep, 'docker import')]);
  await Promise.all([pipeline(make.stdout, keep.stdin), ends]);
}

async function ended(child: ReturnType<typeof spawn>, name: string): Promise<void> {
  const exit = once(child, 'close');
  const said = child.stderr ? await text(child.stderr) : '';
  await exit;
  const last = said.trim().split('\n').slice(-3).join(' | ');
  if (child.exitCode !== 0) throw new Error(`the image of guests was not built: ${name}: ${last}`);
}
