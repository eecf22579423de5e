import type { Team } from '@smart-ai-hub/shared/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { forgetPeople } from '../../api/people-queries.ts';
import { AddTeamMemberForm } from '../../forms/add-team-member-form.tsx';
import { TeamForm } from '../../forms/team-form.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { TeamMembers } from './team-members.tsx';
import { MonthlyLimit } from './team-table.tsx';

interface DetailProps {
  team: Team;
  mayChange: boolean;
  onClose: () => void;
  onDone: (said: string) => void;
}

function DeleteTeam({ team, onBack, onDeleted }: { team: Team; onBack: () => void; onDeleted: () => void }) {
  const { t } = useTranslation();
  const hub = useHub();
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => hub.teams.deleteTeam({ params: { teamId: team.id } }),
    onSuccess: async () => {
      await forgetPeople(queries);
      onDeleted();
    },
  });
  return (
    <div className="grid gap-5">
      <p className="break-words text-ink-soft">{t('teams.confirmDelete', { name: team.name })}</p>
      {remove.error && <ErrorNotice error={remove.error} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onBack}>{t('teams.back')}</Button>
        <Button tone="danger" disabled={remove.isPending} onClick={() => remove.mutate()}>
          {t('teams.delete')}
        </Button>
      </div>
    </div>
  );
}

type View = 'members' | 'change' | 'delete';

function Detail({ team, mayChange, onClose, onDone }: DetailProps) {
  const { t } = useTranslation();
  const [view, setView] = useState<View>('members');
  const back = () => setView('members');
  if (view === 'change') {
    const changed = ({ name }: Team) => {
      onDone(t('teams.done.change', { name }));
      back();
    };
    return <TeamForm team={team} onDone={changed} onCancel={back} />;
  }
  if (view === 'delete') {
    const deleted = () => {
      onDone(t('teams.done.delete', { name: team.name }));
      onClose();
    };
    return <DeleteTeam team={team} onBack={back} onDeleted={deleted} />;
  }
  return (
    <div className="grid gap-5">
      <p className="break-words text-ink-soft">
        {t('teams.manager')}: {team.manager?.email ?? t('teams.noManager')}
      </p>
      <p className="text-ink-soft">
        {t('teams.monthlyLimit')}: <MonthlyLimit team={team} />
      </p>
      <TeamMembers team={team} mayChange={mayChange} />
      {mayChange && <AddTeamMemberForm team={team} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button tone="plain" onClick={onClose}>
          {t('teams.close')}
        </Button>
        {mayChange && <Button onClick={() => setView('change')}>{t('teams.form.change')}</Button>}
        {mayChange && <Button onClick={() => setView('delete')}>{t('teams.delete')}</Button>}
      </div>
    </div>
  );
}

interface TeamDialogProps extends Omit<DetailProps, 'team'> {
  /** The dialog is closed while there is none. */
  team: Team | undefined;
}

export function TeamDialog({ team, ...rest }: TeamDialogProps) {
  return (
    <Dialog open={team !== undefined} onClose={rest.onClose} title={team?.name ?? ''}>
      {team && <Detail team={team} {...rest} />}
    </Dialog>
  );
}
