import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { factorsQuery } from '../../api/queries.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { Card } from '../../ui/page.tsx';
import { Queried } from '../../ui/queried.tsx';
import { CardHead } from './card-head.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';
import { type TotpSecret, TotpSetUp } from './totp-set-up.tsx';

/** What the dialog shows, and shows once: it stands in this component alone. */
type Shown = { step: 'secret'; secret: TotpSecret } | { step: 'codes'; codes: string[] };

function useTotp(show: (shown: Shown) => void) {
  const hub = useHub();
  const queries = useQueryClient();
  const onSettled = () => queries.invalidateQueries({ queryKey: factorsQuery(hub).queryKey });
  const start = useMutation({
    mutationFn: async () => show({ step: 'secret', secret: await hub.secondFactor.startTotp() }),
  });
  const renew = useMutation({
    mutationFn: async () =>
      show({ step: 'codes', codes: (await hub.secondFactor.renewRecoveryCodes()).recoveryCodes }),
    onSettled,
  });
  const end = useMutation({ mutationFn: () => hub.secondFactor.endTotp(), onSettled });
  return { start, renew, end, refresh: onSettled };
}

interface ShownDialogProps {
  shown: Shown | undefined;
  onCodes: (codes: string[]) => Promise<void>;
  onClose: () => void;
}

function ShownDialog({ shown, onCodes, onClose }: ShownDialogProps) {
  const { t } = useTranslation();
  const title = shown?.step === 'codes' ? t('security.recovery.title') : t('security.totp.title');
  return (
    <Dialog open={shown !== undefined} onClose={onClose} title={title} dismissible={false}>
      {shown?.step === 'secret' && <TotpSetUp {...shown.secret} onCodes={onCodes} onCancel={onClose} />}
      {shown?.step === 'codes' && <RecoveryCodes codes={shown.codes} onDone={onClose} />}
    </Dialog>
  );
}

function EndDialog({ end, open, onClose }: Pick<ReturnType<typeof useTotp>, 'end'> & DialogState) {
  const { t } = useTranslation();
  const action = { ...end, mutate: () => end.mutate(undefined, { onSuccess: onClose }) };
  return (
    <ConfirmDialog
      {...{ open, onClose, action }}
      title={t('security.totp.offTitle')}
      text={t('security.totp.offText')}
      keep={t('security.totp.keep')}
      confirm={t('security.totp.offConfirm')}
    />
  );
}

interface DialogState {
  open: boolean;
  onClose: () => void;
}

export function TotpCard() {
  const { t } = useTranslation();
  const factors = useQuery(factorsQuery(useHub()));
  const [shown, setShown] = useState<Shown>();
  const [ending, setEnding] = useState(false);
  const { start, renew, end, refresh } = useTotp(setShown);
  const error = start.error ?? renew.error;
  const confirmed = async (codes: string[]) => {
    setShown({ step: 'codes', codes });
    await refresh();
  };
  return (
    <Card className="grid gap-4 p-5">
      <CardHead title={t('security.totp.title')} text={t('security.totp.text')} />
      {error && <ErrorNotice error={error} />}
      <Queried query={factors}>
        {({ totp, recoveryCodesLeft }) => (
          <div className="flex flex-wrap items-center gap-2">
            <span className="mr-auto rounded-full bg-sunken px-3 py-1 text-sm font-medium">
              {totp ? t('security.totp.on') : t('security.totp.off')}
            </span>
            {totp && (
              <>
                <span className="text-sm text-ink-soft">
                  {t('security.totp.codesLeft', { left: String(recoveryCodesLeft) })}
                </span>
                <Button disabled={renew.isPending} onClick={() => renew.mutate()}>
                  {t('security.totp.newCodes')}
                </Button>
                <Button onClick={() => setEnding(true)}>{t('security.totp.turnOff')}</Button>
              </>
            )}
            {!totp && (
              <Button tone="primary" disabled={start.isPending} onClick={() => start.mutate()}>
                {t('security.totp.turnOn')}
              </Button>
            )}
          </div>
        )}
      </Queried>
      <ShownDialog shown={shown} onCodes={confirmed} onClose={() => setShown(undefined)} />
      <EndDialog end={end} open={ending} onClose={() => setEnding(false)} />
    </Card>
  );
}
