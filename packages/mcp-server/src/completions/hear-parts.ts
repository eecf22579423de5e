import { DomainError, isProblemCode, openAiErrorBody } from '@smart-ai-hub/shared/contracts';
import { z } from 'zod';
import { createEventParser } from './event-stream.ts';
import { parseObject } from './measure.ts';
import type { Outlet } from './outlet.ts';

/** Told of an answer in OpenAI's format, whole or part by part. */
export type HearPart = (part: object) => Promise<void>;

export interface HeardParts {
  outlet: Pick<Outlet, 'whole' | 'refusal' | 'events'>;
  /** What ended a stream in its middle. */
  failure: () => DomainError | undefined;
}

/** Listens to a call in OpenAI's format in place of a caller over HTTP. */
export function hearParts(hear: HearPart): HeardParts {
  let failure: DomainError | undefined;
  let begun = false;
  const hearText = async (text: string) => {
    const part = parseObject(text);
    if (!part) return;
    failure ??= failureIn(part);
    await hear(part);
  };
  const events = () => {
    const parser = createEventParser();
    return {
      hasBegun: () => begun,
      write: async (text: string) => {
        begun = true;
        for (const { data } of parser.push(Buffer.from(text))) await hearText(data);
      },
      end: () => undefined,
    };
  };
  return {
    outlet: {
      whole: hearText,
      refusal: (_status, text) => Promise.reject(refusalIn(text)),
      events,
    },
    failure: () => failure,
  };
}

/** What ended a stream in its middle, in our words. */
function failureIn(part: object): DomainError | undefined {
  const { error } = openAiErrorBody.safeParse(part).data ?? {};
  if (!error) return undefined;
  return new DomainError(isProblemCode(error.code) ? error.code : 'provider-failed', {
    detail: error.message,
  });
}

const refused = z.object({ error: z.object({ message: z.string() }) });

/** The caller's own mistake, in the vendor's words. */
function refusalIn(text: string): DomainError {
  const said = refused.safeParse(parseObject(text)).data?.error.message;
  return new DomainError('invalid-request', said === undefined ? {} : { detail: said });
}
