import type { Words } from '../words.ts';
import { account } from './account.ts';
import { accounts } from './accounts.ts';
import { audit } from './audit.ts';
import { connect } from './connect.ts';
import { consent } from './consent.ts';
import { credits } from './credits.ts';
import { forms } from './forms.ts';
import { grants } from './grants.ts';
import { imports } from './imports.ts';
import { keys } from './keys.ts';
import { linkedAccounts } from './linked-accounts.ts';
import { models } from './models.ts';
import { overview } from './overview.ts';
import { partner } from './partner.ts';
import { chat } from './chat.ts';
import { prices } from './prices.ts';
import { problems } from './problems.ts';
import { promos } from './promos.ts';
import { providers } from './providers.ts';
import { security } from './security.ts';
import { profile } from './profile.ts';
import { recovery } from './recovery.ts';
import { roles } from './roles.ts';
import { shell } from './shell.ts';
import { status } from './status.ts';
import { teams } from './teams.ts';
import { tools } from './tools.ts';
import { usage } from './usage.ts';
import { users } from './users.ts';
import { webhooks } from './webhooks.ts';

export const th: Words = {
  shell,
  account,
  forms,
  overview,
  usage,
  keys,
  models,
  chat,
  problems,
  promos,
  providers,
  security,
  recovery,
  profile,
  partner,
  linkedAccounts,
  roles,
  audit,
  connect,
  consent,
  grants,
  users,
  status,
  teams,
  tools,
  credits,
  accounts,
  imports,
  prices,
  webhooks,
};
