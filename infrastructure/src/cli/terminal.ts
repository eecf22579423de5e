/** Where hubctl talks; a person is asked only where there is one. */
export interface Terminal {
  out: (text: string) => void;
  err: (text: string) => void;
  colours: boolean;
  ask?: ((question: string) => Promise<string>) | undefined;
  /** Asks, and shows nothing of what is typed. */
  askHidden?: ((question: string) => Promise<string>) | undefined;
  /** What was piped in. */
  input: () => Promise<string>;
  /** What the operator's own machine is told by its environment. */
  settings: Settings;
}

export interface Settings {
  /** Program and arguments, as in EDITOR. */
  editor?: string | undefined;
  /** The age identity; SOPS looks for it at the same place. */
  identityFile: string;
  /** Where hubctl writes down what was done; tests alone leave it out. */
  auditFile?: string | undefined;
}

const CODES = { red: 31, green: 32, yellow: 33, bold: 1, dim: 2 };

export type Colour = keyof typeof CODES;

/** The text in a colour, or bare where the terminal has none. */
export const paint = ({ colours }: Pick<Terminal, 'colours'>, colour: Colour, text: string): string =>
  colours ? `\u001B[${CODES[colour]}m${text}\u001B[0m` : text;

/** Control characters but the tab, and those that turn the direction of what follows. */
const ACTING = /[^\P{Cc}\t]|[\u202A-\u202E\u2066-\u2069]/gu;

/** What a machine said, so that it is read and does nothing to the terminal that shows it. */
export const harmless = (text: string): string =>
  text.replaceAll(ACTING, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
