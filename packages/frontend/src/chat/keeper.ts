import type { Conversation, NewMessage } from '@smart-ai-hub/shared/contracts';
import type { Hub } from '../api/hub.ts';

/** How questions are asked, besides the question. */
export type Asking = Pick<Conversation, 'model' | 'system' | 'temperature' | 'maxTokens'>;

/** Where a conversation is kept: one that is not there yet is begun by its first message. */
export interface Keeper {
  /** Nothing before the first message. */
  id: () => string | undefined;
  /** Writes messages after one that is kept, in place of what came after it; answers their ids. */
  write: (after: string | null, messages: readonly NewMessage[], asking: Asking) => Promise<string[]>;
}

interface KeeperOptions {
  conversations: Pick<Hub['conversations'], 'createConversation' | 'appendMessages'>;
  /** Nothing for a new one. */
  id: string | undefined;
  /** The newest message that is kept. */
  newest: string | null;
  onKept: () => void;
}

const TITLE_LENGTH = 80;

/** The first words of the first question. */
export function titleOf(question: string): string {
  const line = question.replace(/[\p{Cc}\p{Cs}\s]+/gu, ' ').trim();
  const letters = Array.from(line);
  return letters.length > TITLE_LENGTH ? `${letters.slice(0, TITLE_LENGTH - 1).join('')}…` : line || '…';
}

/** What cannot be kept, such as a zero byte that a model wrote, is kept as a sign that something was there. */
export const keepable = (text: string, most: number): string =>
  text
    .replace(/\0|\p{Cs}/gu, '\ufffd')
    .slice(0, most)
    .replace(/[\ud800-\udbff]$/, '');

/** Keeps a conversation at the hub. Two tabs that write into one do not undo each other: the later one is refused. */
export function createKeeper({ conversations, id, newest, onKept }: KeeperOptions): Keeper {
  let conversationId = id;
  let seen = newest;
  return {
    id: () => conversationId,
    write: async (after, messages, asking) => {
      if (conversationId === undefined) {
        const title = titleOf(messages[0]?.content ?? '');
        conversationId = (await conversations.createConversation({ body: { title, ...asking } })).id;
      }
      const body = { after, seen, messages: [...messages] };
      const { items } = await conversations.appendMessages({ params: { conversationId }, body });
      seen = items.at(-1)?.id ?? seen;
      onKept();
      return items.map((message) => message.id);
    },
  };
}
