import type { DeviceRequest } from '@smart-ai-hub/shared/contracts';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { DeviceCodeForm } from '../../forms/device-code-form.tsx';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Card, Page } from '../../ui/page.tsx';
import { RequestCard } from './request-card.tsx';

/** A code that a terminal put behind the address; it leaves the address bar as soon as it is read. */
function useGivenCode(): string {
  const [code] = useState(() => decodeURIComponent(window.location.hash.slice(1)));
  useEffect(() => {
    if (code) window.history.replaceState(window.history.state, '', window.location.pathname);
  }, [code]);
  return code;
}

interface Found {
  userCode: string;
  request: DeviceRequest;
}

function Question({ found: { userCode, request }, onOther }: { found: Found; onOther: () => void }) {
  const { t } = useTranslation();
  const { oauth } = useHub();
  const answer = useMutation({
    mutationFn: (approve: boolean) => oauth.decideDevice({ body: { userCode, approve } }),
  });
  if (answer.isSuccess) {
    const [title, text] = answer.variables
      ? [t('consent.device.done'), t('consent.device.doneText')]
      : [t('consent.device.declined'), t('consent.device.declinedText')];
    return (
      <Card>
        <Empty icon={answer.variables ? 'check' : 'close'} title={title} text={text}>
          <Button onClick={onOther}>{t('consent.device.other')}</Button>
        </Empty>
      </Card>
    );
  }
  return (
    <RequestCard request={request} answer={answer}>
      <p className="flex gap-3 rounded-xl bg-danger-soft p-4 text-danger">
        <Icon name="warning" className="mt-0.5 size-5" />
        <span>{t('consent.device.warning')}</span>
      </p>
    </RequestCard>
  );
}

/** A terminal or device shows a code; whoever types it in here decides what it gets. */
export function DevicePage() {
  const { t } = useTranslation();
  const given = useGivenCode();
  const [found, setFound] = useState<Found>();
  return (
    <Page title={t('consent.device.title')} text={t('consent.device.text')}>
      {found ? (
        <Question found={found} onOther={() => setFound(undefined)} />
      ) : (
        <Card className="max-w-xl p-6">
          <DeviceCodeForm given={given} onFound={setFound} />
        </Card>
      )}
    </Page>
  );
}
