import { email, type Team } from '@smart-ai-hub/shared/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { useHub } from '../api/app-context.tsx';
import { forgetPeople, personByEmail } from '../api/people-queries.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { ErrorNotice } from '../ui/notice.tsx';
import { useForm } from './use-form.tsx';

const fields = z.object({ member: email });

export function AddTeamMemberForm({ team }: { team: Team }) {
  const { t } = useTranslation();
  const hub = useHub();
  const queries = useQueryClient();
  const form = useForm({
    schema: fields,
    submit: async ({ member }) => {
      const { id: userId } = await personByEmail(hub, member);
      await hub.teams.addTeamMember({ params: { teamId: team.id, userId } });
      await forgetPeople(queries);
      form.bind.ref.current?.reset();
    },
  });
  return (
    <form {...form.bind} className="grid gap-3">
      {form.error && <ErrorNotice error={form.error} instead={{ 'not-found': t('teams.unknownPerson') }} />}
      <div className="flex items-end gap-2">
        <div className="min-w-0 flex-1">
          <TextField {...form.field('member')} type="email" label={t('teams.add')} autoComplete="off" />
        </div>
        <Button type="submit" className="h-11" aria-disabled={form.sending}>
          {t('teams.addSubmit')}
        </Button>
      </div>
    </form>
  );
}
