import { account } from './account.ts';
import { consent } from './consent.ts';
import { forms } from './forms.ts';
import { grants } from './grants.ts';
import { keys } from './keys.ts';
import { models } from './models.ts';
import { overview } from './overview.ts';
import { playground } from './playground.ts';
import { problems } from './problems.ts';
import { shell } from './shell.ts';
import { usage } from './usage.ts';

export const en = {
  shell,
  account,
  forms,
  overview,
  usage,
  keys,
  models,
  playground,
  consent,
  grants,
  problems,
} as const;
