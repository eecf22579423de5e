import type { DeviceRequest } from '@smart-ai-hub/shared/contracts';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useUser } from '../../api/use-user.tsx';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { Card } from '../../ui/page.tsx';

/** Who asks, and who says so. */
function Asker({ client: { name, publisher } }: Pick<DeviceRequest, 'client'>) {
  const { t } = useTranslation();
  return (
    <div className="grid gap-3">
      <h2 className="text-xl font-semibold break-words">{name ?? t('consent.nameless')}</h2>
      {publisher === null ? (
        <p className="flex gap-3 rounded-xl bg-sunken p-4">
          <Icon name="warning" className="mt-0.5 size-5" />
          <span>{t('consent.unverified')}</span>
        </p>
      ) : (
        <p className="text-ink-soft break-words">{t('consent.publisher', { host: publisher })}</p>
      )}
    </div>
  );
}

function Scopes({ scopes }: Pick<DeviceRequest, 'scopes'>) {
  const { t } = useTranslation();
  return (
    <div className="grid gap-2">
      <h3 className="eyebrow">{t('consent.wants')}</h3>
      <ul className="grid gap-2">
        {scopes.map((scope) => (
          <li key={scope} className="flex gap-2.5">
            <Icon name="check" className="mt-1 size-4.5 text-accent" />
            <span>{t(`consent.scopes.${scope}`)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

interface RequestCardProps {
  request: DeviceRequest;
  /** What is special about this way of asking. */
  children: ReactNode;
  answer: { mutate: (approve: boolean) => void; isPending: boolean; error: Error | null };
}

/** What a client asks for, whole, and the two answers to it. */
export function RequestCard({ request, children, answer }: RequestCardProps) {
  const { t } = useTranslation();
  return (
    <Card className="grid max-w-xl gap-6 p-6">
      <Asker client={request.client} />
      <Scopes scopes={request.scopes} />
      <div className="grid gap-1">
        <h3 className="eyebrow">{t('consent.account')}</h3>
        <p className="break-words">{useUser()?.email}</p>
      </div>
      {children}
      {answer.error && <ErrorNotice error={answer.error} />}
      <div className="flex flex-wrap gap-2">
        <Button tone="primary" disabled={answer.isPending} onClick={() => answer.mutate(true)}>
          {t('consent.approve')}
        </Button>
        <Button disabled={answer.isPending} onClick={() => answer.mutate(false)}>
          {t('consent.decline')}
        </Button>
      </div>
      <p className="text-sm text-ink-faint">{t('consent.keep')}</p>
    </Card>
  );
}
