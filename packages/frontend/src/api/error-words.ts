import { DomainError, type ProblemCode } from '@smart-ai-hub/shared/contracts';
import { formatWait } from '../i18n/format.ts';
import type { Translate } from '../i18n/i18n.ts';
import type { Language } from '../i18n/language.ts';
import { HubError, HubUnreachable, PasskeyRefused } from './hub-error.ts';

export interface ErrorWords {
  message: string;
  /** When a repeat makes sense. */
  hint?: string;
  /** What the hub said about this very case, in English. */
  detail?: string;
  requestId?: string;
}

/** Codes whose words alone do not tell a person what to change. */
const DETAILED: ReadonlySet<ProblemCode> = new Set([
  'forbidden',
  'invalid-request',
  'mcp-command-refused',
  'mcp-server-failed',
  'mcp-server-not-understood',
  'mcp-server-refused',
  'provider-failed',
  'provider-key-refused',
  'provider-not-understood',
  'provider-rate-limited',
]);

/** The one place where an error becomes words for a person. */
export function errorWords(error: unknown, t: Translate, language: Language): ErrorWords {
  if (error instanceof DomainError) return problemWords(error, t, language);
  if (error instanceof HubUnreachable)
    return { message: t('problems.unreachable'), ...idOf(error.requestId) };
  if (error instanceof PasskeyRefused) return { message: t(`problems.passkey.${error.reason}`) };
  return { message: t('problems.unexpected') };
}

function problemWords(error: DomainError, t: Translate, language: Language): ErrorWords {
  const { code, detail, retryAfter } = error;
  return {
    message: t(`problems.codes.${code}`),
    ...(retryAfter !== undefined && {
      hint: t('problems.retryAfter', { wait: formatWait(retryAfter, language) }),
    }),
    ...(detail && DETAILED.has(code) && { detail }),
    ...idOf(error instanceof HubError ? error.requestId : undefined),
  };
}

const idOf = (requestId: string | undefined) => (requestId ? { requestId } : {});
