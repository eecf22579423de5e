import type { Usage } from './measure.ts';

/** What one event of a stream tells. */
export interface Heard {
  /** What the model said in it. */
  text: string;
  /** Of the whole call, where this event tells it. */
  usage: Usage | undefined;
  /** The answer is whole with it. */
  finishes: boolean;
  /** It is there for the usage alone, which only we may have asked for. */
  onlyUsage: boolean;
  /** Whole images of the call so far, where it is one for images. */
  images?: number;
}

/** A whole answer. */
export interface HeardWhole {
  said: string;
  usage: Usage | undefined;
  /** How many there are, where it is an answer with images. */
  images?: number;
}

/** Reads answers of one format: text and usage of a whole one, or of each event of a stream, in their order. */
export interface AnswerReader {
  /** Nothing for what is no answer of this format. */
  whole: (answer: object) => HeardWhole | undefined;
  event: (data: string) => Heard;
}
