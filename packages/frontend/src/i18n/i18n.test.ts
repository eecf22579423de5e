import { describe, expect, it } from 'vitest';
import { en } from './en/index.ts';
import { createI18n, languageOf } from './i18n.ts';
import { isLanguage, LANGUAGES, pickLanguage } from './language.ts';
import { th } from './th/index.ts';

interface Tree {
  readonly [name: string]: string | Tree;
}

/** `a.b.c` → words, for every leaf. */
function leaves(node: Tree, prefix = ''): [key: string, words: string][] {
  return Object.entries(node).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' ? [[prefix + name, value]] : leaves(value, `${prefix}${name}.`),
  );
}

const slots = (words: string) =>
  [...words.matchAll(/{{(\w+)}}/g)]
    .map(([, name]) => name)
    .sort()
    .join();

describe('words', () => {
  const english = new Map(leaves(en));
  const thai = new Map(leaves(th));

  it('have the same keys in both languages', () => {
    expect([...thai.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it('are never empty', () => {
    expect([...english, ...thai].filter(([, words]) => words.trim() === '')).toEqual([]);
  });

  it('fill in the same values', () => {
    const different = [...english].filter(([key, words]) => slots(words) !== slots(thai.get(key) ?? ''));
    expect(different).toEqual([]);
  });

  it('are Thai in Thai', () => {
    const untranslated = [...thai].filter(([, words]) => !/[\u0E00-\u0E7F]/.test(words)).map(([key]) => key);
    expect(untranslated).toEqual(['shell.brand', 'shell.titled']);
  });
});

describe('languages', () => {
  it.each([
    ['th', ['en-US'], 'th'],
    [null, ['th-TH', 'en'], 'th'],
    [null, ['de', 'en-GB', 'th'], 'en'],
    ['klingon', [], 'en'],
    [null, ['toString'], 'en'],
  ])('a choice of %j and a browser with %j make %s', (chosen, preferred, language) => {
    expect(pickLanguage(chosen, preferred)).toBe(language);
  });

  it('are known by name, and by nothing inherited', () => {
    expect(Object.keys(LANGUAGES).every(isLanguage)).toBe(true);
    expect(isLanguage('constructor')).toBe(false);
  });

  it('speak as chosen, at once and after a change', async () => {
    const i18n = createI18n('th');
    expect(i18n.t('shell.menu.signOut')).toBe('ออกจากระบบ');
    expect(languageOf(i18n)).toBe('th');
    await i18n.changeLanguage('en');
    expect(i18n.t('keys.revokeNamed', { name: '<b>' })).toBe('Revoke <b>');
    expect(languageOf({ language: 'cimode' })).toBe('en');
  });
});
