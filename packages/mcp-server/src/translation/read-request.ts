import { DomainError } from '@smart-ai-hub/shared/contracts';
import type { z } from 'zod';

/** A part of the caller's request in the shape that is needed of it; `invalid-request` for another. */
export function readPart<T>(schema: z.ZodType<T>, part: unknown, path: string[] = []): T {
  const parsed = schema.safeParse(part);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map((issue) => ({
    path: [...path, ...issue.path.map(String)].join('.'),
    message: issue.message,
  }));
  throw new DomainError('invalid-request', { errors });
}

/** For what the documentation of one vendor allows and the other has nothing like. */
export const cannotSend = (what: string) =>
  new DomainError('invalid-request', { detail: `this model's provider has nothing like ${what}` });
