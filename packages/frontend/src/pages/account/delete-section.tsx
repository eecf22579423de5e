import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApp } from '../../api/app-context.tsx';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Section } from './section.tsx';

export function DeleteSection() {
  const { t } = useTranslation();
  const { hub, tellSignedOut } = useApp();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const remove = useMutation({
    mutationFn: () => hub.account.deleteMe(),
    onSuccess: () => {
      hub.session.end();
      tellSignedOut();
      void navigate({ to: '/sign-in', replace: true });
    },
  });
  return (
    <Section title={t('profile.remove.title')} text={t('profile.remove.text')}>
      <Button tone="danger" className="justify-self-start" onClick={() => setAsking(true)}>
        {t('profile.remove.open')}
      </Button>
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        title={t('profile.remove.question')}
        text={t('profile.remove.text')}
        keep={t('profile.remove.keep')}
        confirm={t('profile.remove.confirm')}
        action={remove}
      />
    </Section>
  );
}
