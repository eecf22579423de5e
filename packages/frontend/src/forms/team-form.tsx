import { DomainError, email, type Team, teamsContract } from '@smart-ai-hub/shared/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { useHub } from '../api/app-context.tsx';
import { forgetPeople, personByEmail } from '../api/people-queries.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { ErrorNotice } from '../ui/notice.tsx';
import { useForm } from './use-form.tsx';

const fields = z.object({
  name: teamsContract.createTeam.body.shape.name,
  manager: z.literal('').or(email),
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
  return async ({ name, manager }: z.output<typeof fields>) => {
    const isSame = manager === (team?.manager?.email.toLowerCase() ?? '');
    const managerId = isSame ? team?.manager?.id : await managerIdOf(manager);
    const body = { name, managerId: managerId ?? null };
    const saved = team
      ? await hub.teams.updateTeam({ params: { teamId: team.id }, body })
      : await hub.teams.createTeam({ body });
    onDone(saved);
    await forgetPeople(queries);
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
      <FormError error={form.error} />
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
      <div className="flex justify-end gap-2">
        <Button tone="plain" onClick={onCancel}>
          {t('teams.form.cancel')}
        </Button>
        <Button type="submit" tone="primary" aria-disabled={form.sending}>
          {form.sending ? t('forms.working') : t(team ? 'teams.form.save' : 'teams.form.submit')}
        </Button>
      </div>
    </form>
  );
}

/** Nobody of that address is the one mistake that the general words would not tell. */
export function FormError({ error }: { error: Error | null }) {
  const { t } = useTranslation();
  if (error instanceof DomainError && error.code === 'not-found') {
    return (
      <p role="alert" className="rounded-xl bg-danger-soft p-4 text-danger">
        {t('teams.unknownPerson')}
      </p>
    );
  }
  return error && <ErrorNotice error={error} />;
}
