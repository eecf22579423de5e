import { useQuery } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { factorsQuery } from '../../api/queries.ts';
import { StepUpForm } from '../../forms/step-up-form.tsx';
import { Button } from '../button.tsx';
import { Dialog } from '../dialog.tsx';
import { Queried } from '../queried.tsx';

function Question() {
  const { t } = useTranslation();
  const hub = useHub();
  const factors = useQuery({ ...factorsQuery(hub), staleTime: 0 });
  return (
    <div className="grid gap-5">
      <p className="text-ink-soft">{t('security.stepUp.text')}</p>
      <Queried query={factors}>
        {({ stepUpBy }) => <StepUpForm ways={stepUpBy} onConfirmed={() => hub.confirmation.answer(true)} />}
      </Queried>
      <Button tone="plain" className="justify-self-end" onClick={() => hub.confirmation.answer(false)}>
        {t('security.stepUp.cancel')}
      </Button>
    </div>
  );
}

/** Appears wherever a call needs a fresh proof of who somebody is; the call goes on once it was given. */
export function StepUpDialog() {
  const { t } = useTranslation();
  const { confirmation } = useHub();
  const isAsked = useSyncExternalStore(confirmation.subscribe, confirmation.isAsked);
  useEffect(() => () => confirmation.answer(false), [confirmation]);
  return (
    <Dialog open={isAsked} onClose={() => confirmation.answer(false)} title={t('security.stepUp.title')}>
      <Question />
    </Dialog>
  );
}
