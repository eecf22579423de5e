import type { Price, Session, UsageRow } from '@smart-ai-hub/shared/contracts';

const NOW = '2026-05-01T10:00:00.000Z';

export function sampleSession(accessToken: string, more: Partial<Session['user']> = {}): Session {
  return {
    accessToken,
    expiresIn: 900,
    user: {
      id: '11111111-1111-4111-8111-111111111111',
      email: 'ada@example.com',
      verified: true,
      mustVerify: false,
      roles: ['user'],
      grants: {},
      locale: 'en',
      createdAt: NOW,
      ...more,
    },
  };
}

export function samplePrice(model: string, input: number, output: number): Price {
  return {
    id: '22222222-2222-4222-8222-222222222222',
    model,
    inputMicroPerMillion: input,
    outputMicroPerMillion: output,
    unitMicro: 0,
    effectiveAt: NOW,
  };
}

export function sampleUsage(requestId: string): UsageRow {
  return {
    id: '33333333-3333-4333-8333-333333333333',
    requestId,
    keyId: null,
    service: 'chat',
    model: 'hub/echo',
    promptTokens: 3,
    completionTokens: 5,
    images: 0,
    tokenSource: 'counted',
    status: 'ok',
    creditsMicro: 8,
    latencyMs: 40,
    createdAt: NOW,
  };
}
