import type { User } from '@smart-ai-hub/shared/contracts';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { ChangeEmailForm } from '../../forms/change-email-form.tsx';
import { CodeForm } from '../../forms/code-form.tsx';
import { Done } from './done.tsx';
import { Section } from './section.tsx';

function Standing({ user }: { user: User }) {
  const { t } = useTranslation();
  if (user.verified) return <p className="text-ink-soft">{t('profile.email.verified')}</p>;
  return (
    <p className="text-ink-soft">
      {t('profile.email.unverified')}{' '}
      <Link to="/verify" className="font-medium text-accent underline underline-offset-4">
        {t('profile.email.verify')}
      </Link>
    </p>
  );
}

export function EmailSection({ user }: { user: User }) {
  const { t } = useTranslation();
  const { account, session } = useHub();
  /** The new address, while its code is awaited. */
  const [next, setNext] = useState<string>();
  const [done, setDone] = useState<string>();

  const confirm = async (code: string) => {
    const changed = await account.confirmEmail({ body: { code } });
    session.update(changed);
    setNext(undefined);
    setDone(t('profile.email.done', { email: changed.email }));
  };
  return (
    <Section title={t('profile.email.title')} text={t('profile.email.present', { email: user.email })}>
      <Standing user={user} />
      <Done words={done} />
      {next === undefined ? (
        <ChangeEmailForm onMailed={setNext} />
      ) : (
        <>
          <p className="break-words">{t('profile.email.codeText', { email: next })}</p>
          <CodeForm
            label={t('profile.email.code')}
            submitLabel={t('profile.email.confirm')}
            onCode={confirm}
          />
        </>
      )}
    </Section>
  );
}
