import type { RoleMember } from '@smart-ai-hub/shared/contracts';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { membersQuery } from '../../api/access-queries.ts';
import { useHub } from '../../api/app-context.tsx';
import { useMay } from '../../api/use-scopes.ts';
import { AddRoleMemberForm } from '../../forms/add-role-member-form.tsx';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { When } from '../../ui/figures.tsx';
import { LoadMore } from '../../ui/load-more.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { Card } from '../../ui/page.tsx';
import { Queried } from '../../ui/queried.tsx';
import { Cell, HeadCell, Table } from '../../ui/table.tsx';

interface MemberTableProps {
  members: RoleMember[];
  /** Without it, nobody is taken out. */
  onRemove: ((userId: string) => void) | undefined;
}

function MemberTable({ members, onRemove }: MemberTableProps) {
  const { t } = useTranslation();
  return (
    <Table label={t('roles.people.title')}>
      <thead>
        <tr>
          <HeadCell>{t('roles.people.person')}</HeadCell>
          <HeadCell wideOnly>{t('roles.people.since')}</HeadCell>
          <HeadCell numeric>
            <span className="sr-only">{t('roles.people.actions')}</span>
          </HeadCell>
        </tr>
      </thead>
      <tbody>
        {members.map(({ userId, assignedAt }) => (
          <tr key={userId}>
            <Cell>
              <code className="break-all">{userId}</code>
            </Cell>
            <Cell wideOnly className="text-ink-soft">
              <When at={assignedAt} />
            </Cell>
            <Cell numeric>
              {onRemove && (
                <Button
                  size="small"
                  aria-label={t('roles.people.removeNamed', { id: userId })}
                  onClick={() => onRemove(userId)}
                >
                  {t('roles.people.remove')}
                </Button>
              )}
            </Cell>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

/** Who has the role; whoever may assign roles gives and takes it here. */
export function MembersCard({ role, onChanged }: { role: string; onChanged: () => Promise<void> }) {
  const { t } = useTranslation();
  const hub = useHub();
  const mayAssign = useMay('roles:assign');
  const pages = useInfiniteQuery(membersQuery(hub, role));
  const [said, setSaid] = useState<'added' | 'removed'>();
  const tell = async (what: 'added' | 'removed') => {
    await onChanged();
    setSaid(what);
  };
  const remove = useMutation({
    mutationFn: (userId: string) => hub.roles.takeRole({ params: { name: role, userId } }),
    onSuccess: () => tell('removed'),
  });
  return (
    <Card className="overflow-hidden">
      <h2 className="p-5 pb-0 text-lg">{t('roles.people.title')}</h2>
      {mayAssign && <AddRoleMemberForm role={role} onAdded={() => tell('added')} />}
      <p role="status" className={said ? 'px-5 pb-4 text-accent-strong' : 'sr-only'}>
        {said && t(`roles.people.${said}`)}
      </p>
      {remove.error && <ErrorNotice error={remove.error} />}
      <Queried query={pages}>
        {(data) => {
          const members = data.pages.flatMap((page) => page.items);
          if (members.length === 0)
            return <Empty icon="person" title={t('roles.people.empty')} text={t('roles.people.emptyText')} />;
          return <MemberTable members={members} onRemove={mayAssign ? remove.mutate : undefined} />;
        }}
      </Queried>
      <LoadMore pages={pages} />
    </Card>
  );
}
