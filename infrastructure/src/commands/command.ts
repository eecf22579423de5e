/** A program with its arguments, to be run as root on a machine. It is data: nothing is run by making one. */
export interface Command {
  argv: readonly [program: string, ...args: string[]];
  /** Given to the program. What is secret goes this way alone: arguments can be read by everybody on the machine. */
  stdin?: string;
  /** True when `stdin` is secret: then neither a plan nor its hash tells of it. */
  secret?: boolean;
}

export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

export const command = (program: string, ...args: string[]): Command => ({ argv: [program, ...args] });

/** A script of ours, which is constant; what varies are its parameters, `$1` and on. */
export const script = (text: string, ...parameters: string[]): Command =>
  command('sh', '-c', text, 'hub', ...parameters);
