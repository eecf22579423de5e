import type { Team } from '@smart-ai-hub/shared/contracts';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { Count, Credits } from '../../ui/figures.tsx';
import { Cell, HeadCell, Table } from '../../ui/table.tsx';

interface TeamTableProps {
  teams: Team[];
  onOpen: (teamId: string) => void;
}

/** What the members may spend together in a month. */
export function MonthlyLimit({ team }: { team: Team }) {
  const { t } = useTranslation();
  return team.monthlyLimitMicro === null ? t('teams.noLimit') : <Credits micro={team.monthlyLimitMicro} />;
}

function TeamRow({ team, onOpen }: { team: Team; onOpen: () => void }) {
  const { t } = useTranslation();
  const manager = team.manager?.email ?? t('teams.noManager');
  return (
    <tr>
      <Cell>
        <span className="font-medium break-words">{team.name}</span>
        <span className="block text-sm break-all text-ink-faint md:hidden">
          {t('teams.manager')}: {manager}
        </span>
        <span className="block text-sm text-ink-faint md:hidden">
          {t('teams.monthlyLimit')}: <MonthlyLimit team={team} />
        </span>
      </Cell>
      <Cell wideOnly className="break-all text-ink-soft">
        {manager}
      </Cell>
      <Cell numeric wideOnly className="text-ink-soft">
        <MonthlyLimit team={team} />
      </Cell>
      <Cell numeric wideOnly>
        <Count value={team.members} />
      </Cell>
      <Cell numeric>
        <Button size="small" aria-label={t('teams.openNamed', { name: team.name })} onClick={onOpen}>
          {t('teams.open')}
        </Button>
      </Cell>
    </tr>
  );
}

export function TeamTable({ teams, onOpen }: TeamTableProps) {
  const { t } = useTranslation();
  return (
    <Table label={t('teams.title')}>
      <thead>
        <tr>
          <HeadCell>{t('teams.name')}</HeadCell>
          <HeadCell wideOnly>{t('teams.manager')}</HeadCell>
          <HeadCell numeric wideOnly>
            {t('teams.monthlyLimit')}
          </HeadCell>
          <HeadCell numeric wideOnly>
            {t('teams.members')}
          </HeadCell>
          <HeadCell numeric>
            <span className="sr-only">{t('teams.actions')}</span>
          </HeadCell>
        </tr>
      </thead>
      <tbody>
        {teams.map((team) => (
          <TeamRow key={team.id} team={team} onOpen={() => onOpen(team.id)} />
        ))}
      </tbody>
    </Table>
  );
}
