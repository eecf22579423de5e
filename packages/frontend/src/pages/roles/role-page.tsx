import type { Role } from '@smart-ai-hub/shared/contracts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ROLES_CHANGED, rolesQuery } from '../../api/access-queries.ts';
import { useHub } from '../../api/app-context.tsx';
import { useMay } from '../../api/use-scopes.ts';
import { RoleForm } from '../../forms/role-form.tsx';
import { Card, Page } from '../../ui/page.tsx';
import { Queried } from '../../ui/queried.tsx';
import { NotFoundPage } from '../problem-pages.tsx';
import { DeleteRole } from './delete-role.tsx';
import { MembersCard } from './members-card.tsx';
import { roleText } from './role-text.ts';

function useRolesChanged() {
  const queries = useQueryClient();
  return async () => {
    for (const queryKey of ROLES_CHANGED) await queries.invalidateQueries({ queryKey });
  };
}

function RoleView({ role }: { role: Role }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const changed = useRolesChanged();
  const mayManage = useMay('roles:manage');
  const [saved, setSaved] = useState(false);
  const onSaved = async (name: string) => {
    await changed();
    setSaved(true);
    if (name !== role.name) await navigate({ to: '/admin/roles/$name', params: { name }, replace: true });
  };
  const onDeleted = async () => {
    await navigate({ to: '/admin/roles' });
    await changed();
  };
  const remove = mayManage && !role.system && <DeleteRole name={role.name} onDeleted={onDeleted} />;
  return (
    <Page title={role.name} text={roleText(role, t)} action={remove}>
      <Link to="/admin/roles" className="text-accent underline underline-offset-4">
        {t('roles.back')}
      </Link>
      <p
        role="status"
        className={saved ? 'rounded-xl bg-accent-soft px-4 py-3 text-accent-strong' : 'sr-only'}
      >
        {saved && t('roles.form.saved')}
      </p>
      <Card className="p-5">
        <p className="mb-4 text-sm text-ink-soft">{t('roles.level', { level: String(role.level) })}</p>
        <RoleForm role={role} open={mayManage} onSaved={onSaved} />
      </Card>
      <MembersCard role={role.name} onChanged={changed} />
    </Page>
  );
}

export function RolePage() {
  const { name } = useParams({ from: '/member/admin/roles/$name' });
  const roles = useQuery(rolesQuery(useHub()));
  return (
    <Queried query={roles}>
      {(items) => {
        const role = items.find((item) => item.name === name);
        return role ? <RoleView key={role.name} role={role} /> : <NotFoundPage />;
      }}
    </Queried>
  );
}
