import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';

/** A button, and the question before anything is lost. */
export function DeleteRole({ name, onDeleted }: { name: string; onDeleted: () => Promise<void> }) {
  const { t } = useTranslation();
  const { roles } = useHub();
  const [asking, setAsking] = useState(false);
  const remove = useMutation({
    mutationFn: () => roles.deleteRole({ params: { name } }),
    onSuccess: onDeleted,
  });
  const close = () => {
    remove.reset();
    setAsking(false);
  };
  return (
    <>
      <Button onClick={() => setAsking(true)}>{t('roles.remove.open')}</Button>
      <Dialog open={asking} onClose={close} title={t('roles.remove.title')}>
        <div className="grid gap-5">
          <p className="text-ink-soft">{t('roles.remove.text', { name })}</p>
          {remove.error && <ErrorNotice error={remove.error} />}
          <div className="flex flex-wrap justify-end gap-2">
            <Button onClick={close}>{t('roles.remove.keep')}</Button>
            <Button tone="danger" disabled={remove.isPending} onClick={() => remove.mutate()}>
              {t('roles.remove.confirm')}
            </Button>
          </div>
        </div>
      </Dialog>
    </>
  );
}
