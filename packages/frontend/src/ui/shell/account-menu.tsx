import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useApp } from '../../api/app-context.tsx';
import { signOut } from '../../api/sign-out.ts';
import { useUser } from '../../api/use-user.tsx';
import { Icon } from '../icon.tsx';
import { ErrorNotice } from '../notice.tsx';
import { MenuAction, PreferencesMenu } from './preferences-menu.tsx';

export function AccountMenu({ onChosen }: { onChosen?: () => void }) {
  const { t } = useTranslation();
  const { hub, tellSignedOut } = useApp();
  const navigate = useNavigate();
  const email = useUser()?.email ?? '';
  const openAccount = () => {
    onChosen?.();
    void navigate({ to: '/account' });
  };
  const leave = useMutation({ mutationFn: () => signOut(hub, tellSignedOut) });
  return (
    <div className="grid gap-2">
      {leave.error && <ErrorNotice error={leave.error} onRetry={() => leave.mutate()} />}
      <PreferencesMenu
        triggerClass="flex w-full min-w-0 items-center gap-2.5 rounded-lg px-2.5 py-2 text-left transition-colors hover:bg-sunken"
        trigger={
          <>
            <span className="sr-only">{t('shell.menu.account')}</span>
            <Icon name="person" />
            <span className="min-w-0 flex-1 truncate text-sm">{email}</span>
            <Icon name="chevron" className="size-4 text-ink-faint" />
          </>
        }
      >
        <MenuAction onSelect={openAccount}>{t('profile.title')}</MenuAction>
        <MenuAction onSelect={() => leave.mutate()}>{t('shell.menu.signOut')}</MenuAction>
      </PreferencesMenu>
    </div>
  );
}
