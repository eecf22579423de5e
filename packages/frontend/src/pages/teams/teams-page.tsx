import type { Team } from '@smart-ai-hub/shared/contracts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { teamsQuery } from '../../api/people-queries.ts';
import { useScopes } from '../../api/use-scopes.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Empty } from '../../ui/empty.tsx';
import { LoadMore } from '../../ui/load-more.tsx';
import { Card, Page } from '../../ui/page.tsx';
import { Queried } from '../../ui/queried.tsx';
import { StatusLine } from '../../ui/status-line.tsx';
import { TeamForm } from '../../forms/team-form.tsx';
import { TeamDialog } from './team-dialog.tsx';
import { TeamTable } from './team-table.tsx';

export function TeamsPage() {
  const { t } = useTranslation();
  const pages = useInfiniteQuery(teamsQuery(useHub()));
  const mayChange = useScopes()('users:update') === 'any';
  const [creating, setCreating] = useState(false);
  const [teamId, setTeamId] = useState<string>();
  const [said, setSaid] = useState<string>();
  const teams = pages.data?.pages.flatMap((page) => page.items) ?? [];
  const close = () => setCreating(false);
  const made = ({ name }: Team) => {
    setSaid(t('teams.done.create', { name }));
    close();
  };
  const create = mayChange && (
    <Button tone="primary" icon="plus" onClick={() => setCreating(true)}>
      {t('teams.create')}
    </Button>
  );
  return (
    <Page title={t('teams.title')} text={t('teams.text')} action={create}>
      <StatusLine text={said} />
      <Card className="overflow-hidden">
        <Queried query={pages}>
          {() =>
            teams.length > 0 ? (
              <TeamTable teams={teams} onOpen={setTeamId} />
            ) : (
              <Empty icon="teams" title={t('teams.empty')} text={t('teams.emptyText')} />
            )
          }
        </Queried>
        <LoadMore pages={pages} />
      </Card>
      <Dialog open={creating} onClose={close} title={t('teams.form.title')}>
        <TeamForm onDone={made} onCancel={close} />
      </Dialog>
      <TeamDialog
        team={teams.find(({ id }) => id === teamId)}
        mayChange={mayChange}
        onClose={() => setTeamId(undefined)}
        onDone={setSaid}
      />
    </Page>
  );
}
