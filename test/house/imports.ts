import { posix } from 'node:path';
import { z } from 'zod';
import {
  AFTER_INSTALL,
  isTest,
  listed,
  type Room,
  roomOf,
  ROOMS,
  TESTS_MAY_USE,
  USED_WITHOUT_IMPORT,
} from './rooms.ts';
import { type Breach, importsOf, isCode, type SourceFile } from './source.ts';

const versions = z.record(z.string(), z.string()).optional();

/** A package.json, as far as the rules look at it. */
export const manifestSchema = z.object({
  dependencies: versions,
  optionalDependencies: versions,
  devDependencies: versions,
});

export interface Manifest extends Partial<z.output<typeof manifestSchema>> {
  path: string;
}

const SCOPE = '@smart-ai-hub/';

/** `@smart-ai-hub/shared/contracts` → `contracts`, `@smart-ai-hub/database/migrate` → `database`. */
function roomNamed(specifier: string): string {
  const [name = '', door] = specifier.slice(SCOPE.length).split('/');
  return name === 'shared' ? (door ?? 'shared') : name;
}

/** `@fastify/cors/types` → `@fastify/cors`, `pg/lib` → `pg`. */
function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** What an import means in the words of the table; nothing where it stays in its own room. */
function meaning(path: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) {
    const target = roomOf(posix.join(posix.dirname(path), specifier));
    return target && target !== roomOf(path) ? target.name : undefined;
  }
  if (specifier.startsWith(SCOPE)) return roomNamed(specifier);
  return specifier.startsWith('node:') ? specifier : packageOf(specifier);
}

/** Imports that the table does not allow. */
export function findImportBreaches(files: readonly SourceFile[]): Breach[] {
  return files.filter(({ path }) => isCode(path)).flatMap(importBreaches);
}

function importBreaches(file: SourceFile): Breach[] {
  const room = roomOf(file.path);
  if (!room) return [];
  return importsOf(file).flatMap(({ specifier, line }) => {
    const meant = meaning(file.path, specifier);
    if (meant === undefined || meant === room.name || listed(meant, allowedIn(file.path, room))) return [];
    return [{ rule: 'imports', path: file.path, line, says: `${room.name} may not import ${specifier}` }];
  });
}

function allowedIn(path: string, room: Room): readonly string[] {
  return [...room.mayUse, ...(isTest(path) ? TESTS_MAY_USE : []), ...(AFTER_INSTALL[path] ?? [])];
}

/** Where package.json files and imports disagree. */
export function findManifestBreaches(files: readonly SourceFile[], manifests: readonly Manifest[]): Breach[] {
  const root = manifests.find(({ path }) => path === 'package.json');
  return [
    ...manifests.flatMap(unpinned),
    ...manifests
      .filter(({ path }) => /^(packages|infrastructure)\//.test(path))
      .flatMap((manifest) => packageBreaches(files, manifest, root)),
  ];
}

function packageBreaches(
  files: readonly SourceFile[],
  manifest: Manifest,
  root: Manifest | undefined,
): Breach[] {
  const folder = posix.dirname(manifest.path);
  const own = files.filter(({ path }) => path.startsWith(`${folder}/`) && isCode(path));
  return [
    ...notAllowed(manifest, folder),
    ...unused(manifest, own, folder),
    ...own.flatMap((file) => undeclared(file, manifest, root)),
  ];
}

const breach = (rule: string, { path }: { path: string }, says: string, line = 1): Breach => ({
  ...{ rule, path, line, says },
});

const shipped = (manifest: Manifest) => ({ ...manifest.dependencies, ...manifest.optionalDependencies });
const all = (manifest: Manifest) => ({ ...shipped(manifest), ...manifest.devDependencies });

/** A version, also of a package that is installed under another name (`npm:name@1.2.3`). */
const PINNED = /^(?:npm:(?:@[\w-]+\/)?[\w.-]+@)?\d+\.\d+\.\d+(?:-[\w.-]+)?$/;

function unpinned(manifest: Manifest): Breach[] {
  return Object.entries(all(manifest))
    .filter(([, version]) => !PINNED.test(version))
    .map(([name, version]) => breach('pinned', manifest, `${name} is not pinned: ${version}`));
}

function notAllowed(manifest: Manifest, folder: string): Breach[] {
  const rooms = ROOMS.filter((room) => room.folder.startsWith(`${folder}/`));
  const mayUse = rooms.flatMap((room) => room.mayUse);
  const allowed = [...mayUse, ...(USED_WITHOUT_IMPORT[folder] ?? []), '@types/*'];
  const means = (name: string) => (name.startsWith(SCOPE) ? roomNamed(name) : name);
  const fits = (name: string) =>
    means(name) === 'shared'
      ? ['contracts', 'service', 'testing'].some((room) => allowed.includes(room))
      : listed(means(name), allowed);
  return Object.keys(all(manifest))
    .filter((name) => !fits(name))
    .map((name) => breach('declares', manifest, `${folder} may not use ${name}`));
}

function unused(manifest: Manifest, own: readonly SourceFile[], folder: string): Breach[] {
  const imported = new Set(own.flatMap(importsOf).map(({ specifier }) => packageOf(specifier)));
  return Object.keys(all(manifest))
    .filter((name) => !name.startsWith('@types/') && !listed(name, USED_WITHOUT_IMPORT[folder] ?? []))
    .filter((name) => !imported.has(name))
    .map((name) => breach('declares', manifest, `${name} is declared and imported nowhere`));
}

function undeclared(file: SourceFile, manifest: Manifest, root: Manifest | undefined): Breach[] {
  const forTests = isTest(file.path) || roomOf(file.path)?.name === 'testing';
  // The frontend is bundled, and configuration of tools is read before: nothing of it is installed to run.
  const built = /^packages\/frontend\/|\.config\.ts$/.test(file.path);
  const declared = {
    ...(forTests || built ? all(manifest) : shipped(manifest)),
    ...(forTests && root?.devDependencies),
  };
  return importsOf(file)
    .filter(
      ({ specifier }) =>
        !/^(\.|node:)/.test(specifier) && !(forTests && specifier === '@smart-ai-hub/shared/testing'),
    )
    .filter(({ specifier }) => !Object.hasOwn(declared, packageOf(specifier)))
    .map(({ specifier, line }) =>
      breach('declares', file, `${packageOf(specifier)} is not in ${manifest.path}`, line),
    );
}
