import type { ConsentRequest } from '@smart-ai-hub/shared/contracts';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { interactionQuery } from '../../api/queries.ts';
import { Empty } from '../../ui/empty.tsx';
import { Card, Page } from '../../ui/page.tsx';
import { Queried } from '../../ui/queried.tsx';
import { RequestCard } from './request-card.tsx';

function Question({ uid, request }: { uid: string; request: ConsentRequest }) {
  const { t } = useTranslation();
  const { oauth } = useHub();
  const answer = useMutation({
    mutationFn: (approve: boolean) => oauth.decideInteraction({ params: { uid }, body: { approve } }),
    onSuccess: ({ redirectTo }) => window.location.assign(redirectTo),
  });
  // a program that is opened from here leaves the page where it is
  if (answer.isSuccess) {
    return (
      <Card>
        <Empty icon="check" title={t('consent.going')} text={t('consent.goingText')} />
      </Card>
    );
  }
  const { kind, name } = request.destination;
  return (
    <RequestCard request={request} answer={answer}>
      <div className="grid gap-1">
        <h3 className="eyebrow">{t('consent.destination.label')}</h3>
        <p className="break-words">{t(`consent.destination.${kind}`, { name })}</p>
      </div>
    </RequestCard>
  );
}

/** A program asks, and the person who is signed in answers. */
export function ConsentPage() {
  const { t } = useTranslation();
  const { uid } = useParams({ from: '/member/consent/$uid' });
  const request = useQuery(interactionQuery(useHub(), uid));
  return (
    <Page title={t('consent.title')} text={t('consent.text')}>
      <Queried query={request}>{(data) => <Question uid={uid} request={data} />}</Queried>
    </Page>
  );
}
