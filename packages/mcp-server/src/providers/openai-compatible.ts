import { DomainError } from '@smart-ai-hub/shared/contracts';
import { errors, Pool } from 'undici';
import type { ProviderConfig } from '../config.ts';
import type { Provider } from './provider.ts';

/** All in milliseconds. */
export interface ProviderTimeouts {
  connectTimeout: number;
  firstByteTimeout: number;
  idleTimeout: number;
  answerTimeout: number;
}

/** A vendor's endpoint in OpenAI's format, over kept connections. */
export function openAiCompatible(config: ProviderConfig, timeouts: ProviderTimeouts): Provider {
  const base = new URL(config.baseUrl);
  const pool = new Pool(base.origin, {
    connections: 256,
    pipelining: 1,
    connect: { timeout: timeouts.connectTimeout },
  });
  const path = `${base.pathname.replace(/\/$/, '')}/chat/completions`;
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'user-agent': 'smart-ai-hub',
    ...(config.apiKey && { authorization: `Bearer ${config.apiKey.reveal()}` }),
  };

  return {
    name: config.name,
    outputLimitField: config.outputLimitField,
    chat: async (body, signal) => {
      const { firstByteTimeout, idleTimeout, answerTimeout } = timeouts;
      try {
        const answer = await pool.request({
          method: 'POST',
          path,
          headers,
          body: JSON.stringify(body),
          signal,
          headersTimeout: body.stream ? firstByteTimeout : answerTimeout,
          bodyTimeout: idleTimeout,
        });
        answer.body.on('error', () => undefined); // whoever reads hears it too; after a cancel nobody does
        return {
          status: answer.statusCode,
          headers: answer.headers,
          body: answer.body,
          cancel: () => answer.body.destroy(),
        };
      } catch (error) {
        throw failureOf(error, config.name);
      }
    },
    close: () => pool.destroy(),
  };
}

/** Names the failure without the vendor's words: they may hold the address or the key. */
export function failureOf(error: unknown, provider: string): DomainError {
  const timedOut =
    error instanceof errors.HeadersTimeoutError ||
    error instanceof errors.BodyTimeoutError ||
    error instanceof errors.ConnectTimeoutError;
  const detail = timedOut
    ? `${provider} did not answer in time`
    : `${provider} could not be reached or broke off`;
  return new DomainError(timedOut ? 'provider-timeout' : 'provider-failed', { detail, cause: error });
}
