import { z } from 'zod';
import { id, microNonNegative, nothing, oneLine, page, pageQuery, timestamp } from './fields.ts';
import { defineContract } from './route.ts';

/** Conversations of one person; messages of a conversation, and characters of one message and of them all. */
export const CONVERSATION_LIMITS = {
  conversations: 1000,
  messages: 500,
  messageCharacters: 100_000,
  characters: 1_000_000,
} as const;

/** Messages of one call. */
const APPEND_LIMIT = 20;

/** Text of several lines that databases keep: no zero byte, no half of a character. */
const text = (max: number) =>
  z
    .string()
    .max(max)
    .refine((value) => !/\0|\p{Cs}/u.test(value), 'has characters that cannot be kept');

const title = oneLine(200).min(1);
const model = oneLine(200);
const settings = {
  /** The model of the next question. */
  model,
  /** What the model is told before everything else. */
  system: text(20_000),
  /** Kept in thousandths; nothing for the model's own. */
  temperature: z.number().min(0).max(2).nullable(),
  /** Tokens of an answer at most; nothing for the model's own. */
  maxTokens: z.int().min(1).max(10_000_000).nullable(),
};

export const conversation = z.object({
  id,
  title: z.string(),
  ...settings,
  createdAt: timestamp,
  /** Of the last message. */
  updatedAt: timestamp,
});
export type Conversation = z.output<typeof conversation>;

/** How an answer ended; a question is always complete. */
export const MESSAGE_STATES = ['complete', 'stopped', 'failed'] as const;

const written = {
  role: z.enum(['user', 'assistant']),
  content: text(CONVERSATION_LIMITS.messageCharacters),
  /** Which model answered. */
  model: model.nullable(),
  state: z.enum(MESSAGE_STATES),
  /** Of the call that brought the answer. */
  requestId: z
    .string()
    .regex(/^[\w-]{8,64}$/)
    .nullable(),
};

const message = z.object({
  id,
  ...written,
  createdAt: timestamp,
  /** What the call of the answer used and cost, while its row of usage is kept. */
  receipt: z
    .object({ promptTokens: z.int(), completionTokens: z.int(), creditsMicro: microNonNegative })
    .nullable(),
});
export type ConversationMessage = z.output<typeof message>;

const newMessage = z.strictObject({
  role: written.role,
  content: written.content,
  model: written.model.default(null),
  state: written.state.default('complete'),
  requestId: written.requestId.default(null),
});
export type NewMessage = z.output<typeof newMessage>;

const params = z.strictObject({ conversationId: id });

/** A person's own chats; nobody else reads them, and neither do keys and programs. */
export const conversationsContract = defineContract({
  listConversations: {
    method: 'GET',
    path: '/api/v1/conversations',
    summary: 'My conversations, the last changed first',
    access: 'services:use',
    query: pageQuery.extend({ search: oneLine(200).optional() }),
    success: { status: 200, schema: page(conversation) },
    problems: [],
  },
  createConversation: {
    method: 'POST',
    path: '/api/v1/conversations',
    summary: 'Begin a conversation',
    access: 'services:use',
    body: z.strictObject({
      title,
      model,
      system: settings.system.default(''),
      temperature: settings.temperature.default(null),
      maxTokens: settings.maxTokens.default(null),
    }),
    success: { status: 201, schema: conversation },
    problems: ['too-many-conversations'],
  },
  getConversation: {
    method: 'GET',
    path: '/api/v1/conversations/:conversationId',
    summary: 'A conversation with its messages, the first first',
    access: 'services:use',
    params,
    success: { status: 200, schema: z.object({ conversation, messages: z.array(message) }) },
    problems: ['not-found'],
  },
  appendMessages: {
    method: 'POST',
    path: '/api/v1/conversations/:conversationId/messages',
    summary: 'Write messages after one of the conversation; those that came after it go',
    access: 'services:use',
    params,
    body: z.strictObject({
      /** These stand after it; nothing for the beginning. */
      after: id.nullable(),
      /** The newest message that the writer has seen; where another is, nothing is written. */
      seen: id.nullable(),
      messages: z.array(newMessage).min(1).max(APPEND_LIMIT),
    }),
    success: { status: 201, schema: z.object({ items: z.array(message) }) },
    problems: ['not-found', 'conversation-changed', 'conversation-full'],
  },
  updateConversation: {
    method: 'PATCH',
    path: '/api/v1/conversations/:conversationId',
    summary: 'Rename a conversation, or change what its next question is asked with',
    access: 'services:use',
    params,
    body: z.strictObject({
      title: title.optional(),
      model: settings.model.optional(),
      system: settings.system.optional(),
      temperature: settings.temperature.optional(),
      maxTokens: settings.maxTokens.optional(),
    }),
    success: { status: 200, schema: conversation },
    problems: ['not-found'],
  },
  deleteConversation: {
    method: 'DELETE',
    path: '/api/v1/conversations/:conversationId',
    summary: 'Forget a conversation',
    access: 'services:use',
    params,
    success: { status: 204, schema: nothing },
    problems: ['not-found'],
  },
  exportConversations: {
    method: 'GET',
    path: '/api/v1/conversations/export',
    summary: 'Every message of my conversations as CSV',
    access: 'services:use',
    success: { status: 200, schema: z.string(), type: 'text/csv' },
    problems: [],
  },
});
