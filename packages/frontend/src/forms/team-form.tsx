import { email, microNonNegative, type Team, teamsContract } from '@smart-ai-hub/shared/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { useHub } from '../api/app-context.tsx';
import { forgetPeople, personByEmail } from '../api/people-queries.ts';
import { TextField } from '../ui/field.tsx';
import { ErrorNotice } from '../ui/notice.tsx';
import { FormButtons } from './form-buttons.tsx';
import { credits, creditsText } from './typed-values.ts';
import { useForm } from './use-form.tsx';

const fields = z.object({
  name: teamsContract.createTeam.body.shape.name,
  manager: z.literal('').or(email),
  monthlyLimitMicro: credits.pipe(microNonNegative.nullable()),
});

interface TeamFormProps {
  /** The team to change; without one the form makes one. */
  team?: Team;
  onDone: (team: Team) => void;
  onCancel: () => void;
}

function useSave(team: Team | undefined, onDone: (team: Team) => void) {
  const hub = useHub();
  const queries = useQueryClient();
  return async ({ name, manager, monthlyLimitMicro }: z.output<typeof fields>) => {
    const isSame = manager === (team?.manager?.email.toLowerCase() ?? '');
    const managerId = isSame ? team?.manager?.id : await managerIdOf(manager);
    const body = { name, managerId: managerId ?? null, monthlyLimitMicro };
    const saved = team
      ? await hub.teams.updateTeam({ params: { teamId: team.id }, body })
      : await hub.teams.createTeam({ body });
    await forgetPeople(queries);
    onDone(saved);
  };

  async function managerIdOf(address: string) {
    return address === '' ? null : (await personByEmail(hub, address)).id;
  }
}

export function TeamForm({ team, onDone, onCancel }: TeamFormProps) {
  const { t } = useTranslation();
  const form = useForm({ schema: fields, submit: useSave(team, onDone) });
  return (
    <form {...form.bind} className="grid gap-5 pt-3">
      {form.error && <ErrorNotice error={form.error} instead={{ 'not-found': t('teams.unknownPerson') }} />}
      <TextField
        {...form.field('name')}
        label={t('teams.name')}
        defaultValue={team?.name}
        maxLength={80}
        autoComplete="off"
      />
      <TextField
        {...form.field('manager')}
        type="email"
        label={t('teams.manager')}
        hint={t('teams.form.managerHint')}
        defaultValue={team?.manager?.email}
        autoComplete="off"
      />
      <TextField
        {...form.field('monthlyLimitMicro')}
        label={t('teams.monthlyLimit')}
        hint={t('teams.form.monthlyLimitHint')}
        defaultValue={creditsText(team?.monthlyLimitMicro)}
        inputMode="decimal"
        autoComplete="off"
      />
      <FormButtons
        submit={t(team ? 'teams.form.save' : 'teams.form.submit')}
        sending={form.sending}
        cancel={t('teams.form.cancel')}
        onCancel={onCancel}
      />
    </form>
  );
}
