import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { z } from 'zod';
import type { Vocabulary } from './byte-pairs.ts';

const vocabulary = z.object({ pat_str: z.string(), bpe_ranks: z.string() });

/**
 * o200k_base as js-tiktoken ships it: a module that is one object in JSON. Read as text: one that is imported
 * keeps its 2 MB twice, as source and as string, for as long as the process lives.
 */
export function readVocabulary(): Vocabulary {
  const text = readFileSync(createRequire(import.meta.url).resolve('js-tiktoken/ranks/o200k_base'), 'utf8');
  return vocabulary.parse(JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1)));
}
