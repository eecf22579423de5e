import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { rolesQuery } from '../../api/access-queries.ts';
import { useHub } from '../../api/app-context.tsx';
import { useMay } from '../../api/use-scopes.ts';
import { NewRoleForm } from '../../forms/new-role-form.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Card, Page } from '../../ui/page.tsx';
import { Queried } from '../../ui/queried.tsx';
import { RoleMatrix } from './role-matrix.tsx';

export function RolesPage() {
  const { t } = useTranslation();
  const hub = useHub();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const roles = useQuery(rolesQuery(hub));
  const mayManage = useMay('roles:manage');
  const [creating, setCreating] = useState(false);
  const made = async (name: string) => {
    await queries.invalidateQueries({ queryKey: rolesQuery(hub).queryKey });
    await navigate({ to: '/admin/roles/$name', params: { name } });
  };
  const create = mayManage && (
    <Button tone="primary" icon="plus" onClick={() => setCreating(true)}>
      {t('roles.create')}
    </Button>
  );
  return (
    <Page title={t('roles.title')} text={t('roles.text')} action={create}>
      <Card className="overflow-hidden">
        <Queried query={roles}>{(items) => <RoleMatrix roles={items} />}</Queried>
      </Card>
      <p className="text-sm text-ink-faint">{t('roles.guestHint')}</p>
      <Dialog open={creating} onClose={() => setCreating(false)} title={t('roles.form.title')}>
        <NewRoleForm onMade={made} onCancel={() => setCreating(false)} />
      </Dialog>
    </Page>
  );
}
