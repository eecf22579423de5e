import { isRoleName, type Role } from '@smart-ai-hub/shared/contracts';
import type { Translate } from '../../i18n/i18n.ts';

/** What a role is for: the system's in the person's language, others as they were described. */
export const roleText = ({ name, description }: Role, t: Translate): string =>
  isRoleName(name) ? t(`roles.system.${name}`) : description;
