/**
 * The words as a POSIX shell reads them back unchanged (POSIX.1-2017, 2.2.2: nothing is special between single quotes).
 * The one place where words become shell text; throws on NUL, which no argument can hold.
 */
export function quote(words: readonly string[]): string {
  return words.map(quoteWord).join(' ');
}

function quoteWord(word: string): string {
  if (word.includes('\0')) throw new RangeError('an argument cannot hold NUL');
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
