import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { useUser } from '../../api/use-user.tsx';
import { CodeForm } from '../../forms/code-form.tsx';
import { Button, buttonClass } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { Card, Page } from '../../ui/page.tsx';
import { Done } from './done.tsx';

function Verified() {
  const { t } = useTranslation();
  return (
    <Page title={t('recovery.verify.title')}>
      <Done words={t('recovery.verify.done')} />
      <p>
        <Link to="/" className={buttonClass({ tone: 'primary' })}>
          {t('recovery.verify.doneLink')}
        </Link>
      </p>
    </Page>
  );
}

export function VerifyPage() {
  const { t } = useTranslation();
  const { account, session } = useHub();
  const user = useUser();
  const resend = useMutation({ mutationFn: () => account.resendVerification() });
  if (!user || user.verified) return <Verified />;
  return (
    <Page title={t('recovery.verify.title')} text={t('recovery.verify.text', { email: user.email })}>
      <Card className="grid max-w-md gap-5 p-6">
        <CodeForm
          label={t('recovery.verify.code')}
          submitLabel={t('recovery.verify.submit')}
          onCode={async (code) => session.update(await account.verifyEmail({ body: { code } }))}
        />
        {resend.error && <ErrorNotice error={resend.error} />}
        <Done words={resend.isSuccess ? t('recovery.verify.resent') : undefined} />
        <Button disabled={resend.isPending} onClick={() => resend.mutate()}>
          {t('recovery.verify.resend')}
        </Button>
      </Card>
    </Page>
  );
}
