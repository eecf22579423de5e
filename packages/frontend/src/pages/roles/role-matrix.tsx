import { PERMISSIONS, type Role } from '@smart-ai-hub/shared/contracts';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { formatCount } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/use-language.tsx';
import { Cell, HeadCell, Table } from '../../ui/table.tsx';
import { roleText } from './role-text.ts';

function RoleHead({ role }: { role: Role }) {
  const { t } = useTranslation();
  const people = formatCount(role.members, useLanguage());
  return (
    <HeadCell title={roleText(role, t)}>
      <Link
        to="/admin/roles/$name"
        params={{ name: role.name }}
        className="text-base font-medium text-accent underline underline-offset-4"
      >
        {role.name}
      </Link>
      <span className="block font-normal">{t('roles.level', { level: String(role.level) })}</span>
      <span className="block font-normal">{t('roles.members', { people })}</span>
    </HeadCell>
  );
}

/** Every role beside every permission; wider than some screens, so it scrolls by itself. */
export function RoleMatrix({ roles }: { roles: Role[] }) {
  const { t } = useTranslation();
  return (
    // eslint-disable-next-line jsx-a11y-x/no-noninteractive-tabindex -- what scrolls has to be reached by keyboard (WCAG 2.1.1)
    <div role="region" aria-label={t('roles.matrix')} tabIndex={0} className="relative overflow-x-auto">
      <Table label={t('roles.matrix')}>
        <thead>
          <tr>
            <HeadCell>{t('roles.permission')}</HeadCell>
            {roles.map((role) => (
              <RoleHead key={role.name} role={role} />
            ))}
          </tr>
        </thead>
        <tbody>
          {PERMISSIONS.map((permission) => (
            <tr key={permission}>
              <th scope="row" className="border-t border-line px-2.5 py-2 pl-5 font-normal">
                <code>{permission}</code>
              </th>
              {roles.map((role) => (
                <ScopeCell key={role.name} scope={role.grants[permission]} />
              ))}
            </tr>
          ))}
        </tbody>
      </Table>
    </div>
  );
}

function ScopeCell({ scope }: { scope: Role['grants'][keyof Role['grants']] }) {
  const { t } = useTranslation();
  if (scope) return <Cell className="py-2">{t(`roles.scopes.${scope}`)}</Cell>;
  return (
    <Cell className="py-2 text-ink-faint">
      <span aria-hidden="true">–</span>
      <span className="sr-only">{t('roles.none')}</span>
    </Cell>
  );
}
