import { rolesContract } from '@smart-ai-hub/shared/contracts';
import { z } from 'zod';

const { name, description } = rolesContract.createRole.body.shape;

/** A role's words and level as a form has them: a level is typed. */
export const roleFields = z.object({
  name,
  level: z
    .string()
    .trim()
    .regex(/^[1-9]\d?$/)
    .transform(Number),
  description,
});
