/** What a set-up is filled in with. */
export interface Access {
  /** The hub's own address, without a slash at its end. */
  origin: string;
  key: string;
  /** A model that the person may use. */
  model: string;
}

/** What a set-up is: in which language it is written, `address` for one that is typed into a field. */
export type SetupKind = 'address' | 'json' | 'python' | 'terminal' | 'toml' | 'typescript' | 'yaml';

/** One way to use the hub from a program. Names of programs and files are the same in every language. */
export interface Setup {
  name: string;
  kind: SetupKind;
  /** Where the text goes, for what is a file. */
  file?: string;
  text: (access: Access) => string;
}

/** As the shell reads it as one word, whatever is in it. */
export const word = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** As JSON, TOML, YAML, Python and TypeScript all read a string. */
export const quoted = (text: string): string => JSON.stringify(text);
