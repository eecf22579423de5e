import { readEmbeddings } from '../translation/gemini/embeddings.ts';
import { type GeminiAnswer, type Piece, readAnswer, tokensOf } from '../translation/gemini/gemini-shape.ts';
import { argumentsOf } from '../translation/message-shape.ts';
import { parseObject, type Usage } from './measure.ts';
import type { AnswerReader } from './answer-reader.ts';

/**
 * Google's answers, https://ai.google.dev/api/generate-content. Each event of a stream tells the usage so far: what
 * counts is what is told with the reason to end, or behind it.
 */
export function createGeminiReader(): AnswerReader {
  let ended = false;
  return {
    whole: (given) => {
      const answer = readAnswer(given);
      return answer.stop ? { said: saidIn(answer), usage: usageOf(answer) } : undefined;
    },
    event: (data) => {
      const answer = readAnswer(parseObject(data));
      const finishes = answer.stop !== '';
      ended ||= finishes;
      return { text: saidIn(answer), usage: ended ? usageOf(answer) : undefined, finishes, onlyUsage: false };
    },
  };
}

/** Google's embeddings, https://ai.google.dev/api/embeddings: what they cost is what was sent. */
export const geminiEmbeddingReader: Pick<AnswerReader, 'whole'> = {
  whole: (given) => {
    const read = readEmbeddings(given);
    if (!read) return undefined;
    const { tokens } = read;
    return {
      said: '',
      usage: tokens === undefined ? undefined : { promptTokens: tokens, completionTokens: 0 },
    };
  },
};

const usageOf = ({ counts }: GeminiAnswer): Usage | undefined => counts && tokensOf(counts);

const saidIn = ({ pieces }: GeminiAnswer) => pieces.map(textOf).join('');

const textOf = (piece: Piece) =>
  piece.type === 'call' ? piece.call.name + argumentsOf(piece.call.args) : piece.text;
