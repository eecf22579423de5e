/** How far the JSON object in the arguments of a call has come: where it stands, without what it says. */
export interface ArgumentProgress {
  blank: boolean;
  /** Its outermost bracket was closed. */
  complete: boolean;
  depth: number;
  inString: boolean;
  escaped: boolean;
}

export const noArguments = (): ArgumentProgress => ({
  blank: true,
  complete: false,
  depth: 0,
  inString: false,
  escaped: false,
});

/** Follows the next part of the text, wherever it was cut. */
export function follow(progress: ArgumentProgress, text: string): void {
  progress.blank &&= text.trim() === '';
  for (const char of text) {
    if (progress.inString) followString(progress, char);
    else followStructure(progress, char);
  }
}

function followString(progress: ArgumentProgress, char: string): void {
  if (progress.escaped) progress.escaped = false;
  else if (char === '\\') progress.escaped = true;
  else if (char === '"') progress.inString = false;
}

function followStructure(progress: ArgumentProgress, char: string): void {
  if (char === '"') progress.inString = true;
  else if (char === '{' || char === '[') progress.depth += 1;
  else if (char === '}' || char === ']') {
    progress.depth -= 1;
    progress.complete ||= progress.depth === 0;
  }
}
