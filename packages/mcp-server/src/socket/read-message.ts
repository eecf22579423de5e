import { DomainError, type SocketMessage, socketMessage } from '@smart-ai-hub/shared/contracts';
import { z } from 'zod';

/** Why something that a client sent is not understood, and whose answer that is, as far as it says. */
export interface Misread {
  id: string | null;
  error: DomainError;
}

export function readMessage(text: string): { message: SocketMessage } | Misread {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    return { id: null, error: new DomainError('malformed-json', { cause }) };
  }
  const parsed = socketMessage.safeParse(value);
  if (parsed.success) return { message: parsed.data };
  const errors = parsed.error.issues.map(({ path, message }) => ({
    path: path.join('.') || 'message',
    message,
  }));
  return {
    id: named.safeParse(value).data?.id ?? null,
    error: new DomainError('invalid-request', { errors }),
  };
}

const named = z.object({ id: z.string().min(1).max(100) });
