import { type Conversation, type ConversationMessage, MESSAGE_STATES } from '@smart-ai-hub/shared/contracts';
import { z } from 'zod';

export interface ConversationRow {
  id: string;
  title: string;
  model: string;
  system: string;
  temperatureMilli: number | null;
  maxTokens: number | null;
  createdAt: Date;
  updatedAt: Date;
}

/** As it is kept: in thousandths. */
export const milliOf = (temperature: number | null): number | null =>
  temperature === null ? null : Math.round(temperature * 1000);

export const conversationView = (row: ConversationRow): Conversation => ({
  ...{ id: row.id, title: row.title, model: row.model, system: row.system },
  temperature: row.temperatureMilli === null ? null : row.temperatureMilli / 1000,
  maxTokens: row.maxTokens,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});

export interface MessageRow {
  id: string;
  role: string;
  content: string;
  model: string | null;
  state: string;
  requestId: string | null;
  createdAt: Date;
}

const role = z.enum(['user', 'assistant']);
const state = z.enum(MESSAGE_STATES);

export const messageView = (
  row: MessageRow,
  receipt: ConversationMessage['receipt'] = null,
): ConversationMessage => ({
  ...{ id: row.id, role: role.parse(row.role), content: row.content, model: row.model },
  ...{ state: state.parse(row.state), requestId: row.requestId, receipt },
  createdAt: row.createdAt.toISOString(),
});
