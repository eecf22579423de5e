import type { Person } from '@smart-ai-hub/shared/contracts';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { reachesOthers, useScopes } from '../../api/use-scopes.ts';
import { useUser } from '../../api/use-user.tsx';
import { formatDay } from '../../i18n/format.ts';
import { LANGUAGES } from '../../i18n/language.ts';
import { useLanguage } from '../../i18n/use-language.tsx';
import { Button, buttonClass } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ConfirmUserAct } from './confirm-user-act.tsx';
import type { UserAct } from './user-acts.ts';
import { StateBadge } from './user-table.tsx';

function Facts({ person }: { person: Person }) {
  const { t } = useTranslation();
  const facts = [
    [t('users.roles'), person.roles.join(', ') || t('users.noRoles')],
    [t('users.verified'), t(`users.verifiedStates.${person.verified ? 'yes' : 'no'}`)],
    [t('users.language'), LANGUAGES[person.locale]],
    [t('users.created'), formatDay(person.createdAt, useLanguage())],
  ] as const;
  return (
    <>
      <p className="font-medium break-all">
        {person.email}
        <StateBadge state={person.state} />
      </p>
      <dl className="grid gap-2">
        {facts.map(([name, value]) => (
          <div key={name} className="flex justify-between gap-4">
            <dt className="text-ink-soft">{name}</dt>
            <dd className="text-right break-words">{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

/** What the signed-in person may try on somebody; whether the level allows it, the hub decides. */
function useActs(person: Person): UserAct[] {
  const scopeOf = useScopes();
  const self = useUser()?.id === person.id;
  if (self || person.state === 'deleted') return [];
  const isDisabled = person.state === 'disabled';
  return [
    ...(reachesOthers(scopeOf('users:update'))
      ? [isDisabled ? ('enable' as const) : ('disable' as const), 'signOut' as const]
      : []),
    ...(reachesOthers(scopeOf('users:delete')) ? ['delete' as const] : []),
  ];
}

interface DetailProps {
  person: Person;
  onClose: () => void;
  onDone: (said: string) => void;
}

function Detail({ person, onClose, onDone }: DetailProps) {
  const { t } = useTranslation();
  const acts = useActs(person);
  const self = useUser()?.id === person.id;
  const mayReadCredits = reachesOthers(useScopes()('credits:read'));
  const [asked, setAsked] = useState<UserAct>();
  if (asked) {
    const done = () => {
      onDone(t(`users.done.${asked}`, { email: person.email }));
      onClose();
    };
    return <ConfirmUserAct act={asked} person={person} onBack={() => setAsked(undefined)} onDone={done} />;
  }
  return (
    <div className="grid gap-5">
      <Facts person={person} />
      {self && <p className="text-sm text-ink-faint">{t('users.self')}</p>}
      <div className="flex flex-wrap justify-end gap-2">
        <Button tone="plain" onClick={onClose}>
          {t('users.close')}
        </Button>
        {mayReadCredits && (
          <Link to="/admin/accounts/$userId" params={{ userId: person.id }} className={buttonClass()}>
            {t('users.credits')}
          </Link>
        )}
        {acts.map((act) => (
          <Button key={act} onClick={() => setAsked(act)}>
            {t(`users.act.${act}`)}
          </Button>
        ))}
      </div>
    </div>
  );
}

interface UserDialogProps extends Omit<DetailProps, 'person'> {
  /** The dialog is closed while there is nobody. */
  person: Person | undefined;
}

export function UserDialog({ person, ...handlers }: UserDialogProps) {
  const { t } = useTranslation();
  return (
    <Dialog open={person !== undefined} onClose={handlers.onClose} title={t('users.title')}>
      {person && <Detail person={person} {...handlers} />}
    </Dialog>
  );
}
