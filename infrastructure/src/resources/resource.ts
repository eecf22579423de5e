import type { Command, Outcome } from '../commands/command.ts';

/**
 * What a change may do to those who use the machine: nothing, interrupt a service, lock the operator out, or touch data
 * that cannot be made again.
 */
export type ResourceClass = 'safe' | 'restart' | 'connectivity' | 'data';

export interface Line {
  sign: '+' | '-' | '~';
  text: string;
}

/** What undoes a change of class `connectivity`: files as they were, and commands that make them count. */
export interface Revert {
  files: readonly string[];
  commands: readonly Command[];
}

/** What must be done so that a machine is as it shall be. */
export interface Change {
  lines: readonly Line[];
  commands: readonly Command[];
  revert?: Revert;
  /** True where data would be lost that cannot be made again. */
  destroys?: boolean;
}

/** A part of the desired state, as data: how to see what there is, and what to do where it differs. */
export interface Resource {
  /** Kind and name, such as `file /etc/motd`. */
  id: string;
  class: ResourceClass;
  /** Ids that come first. */
  after: readonly string[];
  /** Commands that change nothing. */
  reads: readonly Command[];
  /** Nothing where what was read is what shall be; throws a Failure where that is for a person to decide. */
  compare: (found: readonly Outcome[]) => Change | undefined;
  /** What a person should know, and nothing is done about: things of somebody else that stay as they are. */
  notes?: (found: readonly Outcome[]) => readonly string[];
}
