import type { PromoCode } from '@smart-ai-hub/shared/contracts';
import { expect, it } from 'vitest';
import { promoState } from './promo-state.ts';

const NOW = '2026-05-01T10:00:00.000Z';
const PROMO: PromoCode = {
  ...{ id: '11111111-1111-4111-8111-111111111111', code: 'WELCOME', creditsMicro: 1, description: '' },
  ...{ maxUses: null, usedCount: 2, expiresAt: null, active: true, createdAt: NOW },
};

it.each<[Partial<PromoCode>, ReturnType<typeof promoState>]>([
  [{}, 'open'],
  [{ maxUses: 3 }, 'open'],
  [{ maxUses: 2 }, 'usedUp'],
  [{ expiresAt: '2026-05-01T10:00:00.001Z' }, 'open'],
  [{ expiresAt: NOW, maxUses: 2 }, 'expired'],
  [{ active: false, expiresAt: NOW }, 'closed'],
])('a code with %o is %s', (terms, state) => {
  expect(promoState({ ...PROMO, ...terms }, Date.parse(NOW))).toBe(state);
});
