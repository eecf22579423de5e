import { z } from 'zod';
import { nothing } from './fields.ts';
import { assertion, requestOptions } from './passkeys.ts';
import { defineContract } from './route.ts';
import { totpCode } from './second-factor.ts';

export const stepUpContract = defineContract({
  stepUpOptions: {
    method: 'POST',
    path: '/api/v1/auth/step-up/options',
    summary: 'What a browser needs to confirm who I am with one of my passkeys; good for 5 minutes, once',
    access: 'signed-in',
    success: { status: 200, schema: requestOptions },
    problems: [],
  },
  stepUp: {
    method: 'POST',
    path: '/api/v1/auth/step-up',
    summary: 'Confirm that it is me: for 10 minutes this session may do what needs it',
    access: 'signed-in',
    body: z.union([
      z.strictObject({ password: z.string().min(1).max(200) }),
      z.strictObject({ code: totpCode }),
      z.strictObject({ passkey: assertion }),
    ]),
    success: { status: 204, schema: nothing },
    problems: ['invalid-credentials', 'invalid-code', 'invalid-passkey', 'too-many-attempts'],
  },
});
