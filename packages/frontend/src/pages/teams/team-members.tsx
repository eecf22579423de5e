import type { Team, TeamMember } from '@smart-ai-hub/shared/contracts';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { forgetPeople, teamMembersQuery } from '../../api/people-queries.ts';
import { Button } from '../../ui/button.tsx';
import { LoadMore } from '../../ui/load-more.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { Queried } from '../../ui/queried.tsx';

interface MembersProps {
  team: Team;
  mayChange: boolean;
}

function Members({ members, onRemove }: { members: TeamMember[]; onRemove?: (userId: string) => void }) {
  const { t } = useTranslation();
  if (members.length === 0) return <p className="p-4 text-ink-soft">{t('teams.noMembers')}</p>;
  return (
    <ul aria-label={t('teams.members')} className="divide-y divide-line">
      {members.map(({ id, email }) => (
        <li key={id} className="flex items-center justify-between gap-3 px-4 py-2.5">
          <span className="min-w-0 break-all">{email}</span>
          {onRemove && (
            <Button size="small" aria-label={t('teams.removeNamed', { email })} onClick={() => onRemove(id)}>
              {t('teams.remove')}
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}

export function TeamMembers({ team, mayChange }: MembersProps) {
  const hub = useHub();
  const queries = useQueryClient();
  const pages = useInfiniteQuery(teamMembersQuery(hub, team.id));
  const remove = useMutation({
    mutationFn: (userId: string) => hub.teams.removeTeamMember({ params: { teamId: team.id, userId } }),
    onSuccess: () => forgetPeople(queries),
  });
  return (
    <div className="max-h-72 overflow-y-auto rounded-xl border border-line">
      {remove.error && <ErrorNotice error={remove.error} />}
      <Queried query={pages}>
        {(data) => (
          <Members
            members={data.pages.flatMap((page) => page.items)}
            {...(mayChange && { onRemove: (userId: string) => remove.mutate(userId) })}
          />
        )}
      </Queried>
      <LoadMore pages={pages} />
    </div>
  );
}
