/** Where hubctl talks; a person is asked only where there is one. */
export interface Terminal {
  out: (text: string) => void;
  err: (text: string) => void;
  colours: boolean;
  ask?: ((question: string) => Promise<string>) | undefined;
}

const CODES = { red: 31, green: 32, yellow: 33, bold: 1, dim: 2 };

export type Colour = keyof typeof CODES;

/** The text in a colour, or bare where the terminal has none. */
export const paint = ({ colours }: Pick<Terminal, 'colours'>, colour: Colour, text: string): string =>
  colours ? `\u001B[${CODES[colour]}m${text}\u001B[0m` : text;
