import type { en } from './en/index.ts';

/** The same keys as English, with any words: what a translation has to be. */
type Translated<T> = { readonly [K in keyof T]: T[K] extends string ? string : Translated<T[K]> };

export type Words = Translated<typeof en>;
