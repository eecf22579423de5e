import { findImportBreaches, findManifestBreaches, type Manifest } from './imports.ts';
import { findNever } from './never.ts';
import type { Breach, SourceFile } from './source.ts';

/** Everything in these files that breaks the rules of the house. */
export function findBreaches(files: readonly SourceFile[], manifests: readonly Manifest[]): Breach[] {
  return [...findImportBreaches(files), ...findManifestBreaches(files, manifests), ...findNever(files)];
}

/** A breach as one line that a terminal makes clickable. */
export const words = ({ path, line, rule, says }: Breach) => `${path}:${line} ${rule}: ${says}`;
