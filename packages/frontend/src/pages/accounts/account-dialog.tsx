import type { Account } from '@smart-ai-hub/shared/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { forgetCredits } from '../../api/credit-queries.ts';
import { newId } from '../../api/new-id.ts';
import { usePersonName } from '../../api/use-person-name.ts';
import { NoteForm } from '../../forms/note-form.tsx';
import { Button, buttonClass } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Facts } from '../../ui/facts.tsx';
import { CreditsCell, When } from '../../ui/figures.tsx';
import { type AccountAct, actsOn, useMayAdjust } from './account-acts.ts';
import { StatusBadge } from './account-table.tsx';
import { AdjustAccount } from './adjust-account.tsx';

interface DetailProps {
  account: Account;
  onClose: () => void;
  onDone: (said: string) => void;
}

interface ChangeStatusProps {
  userId: string;
  status: Account['status'];
  onBack: () => void;
  onDone: (said: string) => void;
}

function ChangeStatus({ userId, status, onBack, onDone }: ChangeStatusProps) {
  const { t } = useTranslation();
  const { credits } = useHub();
  const queries = useQueryClient();
  const name = usePersonName(userId);
  const change = async (note: string) => {
    await credits.updateAccount({ params: { userId }, body: { status, note } });
    await forgetCredits(queries);
    onDone(t(`accounts.done.${status}`, { name }));
  };
  return (
    <NoteForm
      text={t(`accounts.confirm.${status}`, { name })}
      hint={t('accounts.form.statusHint')}
      submit={change}
      submitLabel={t(`accounts.act.${status}`)}
      cancelLabel={t('accounts.back')}
      onCancel={onBack}
    />
  );
}

function Overview({ account, onClose, onAct }: DetailProps & { onAct: (act: AccountAct) => void }) {
  const { t } = useTranslation();
  const { userId } = account;
  const acts = useMayAdjust(userId) ? actsOn(account) : [];
  const amounts = (['balance', 'held', 'available'] as const).map(
    (name) => [t(`accounts.${name}`), <CreditsCell key={name} micro={account[`${name}Micro`]} />] as const,
  );
  return (
    <div className="grid gap-5">
      <p className="font-medium break-all">{usePersonName(userId)}</p>
      <Facts
        facts={[
          [t('accounts.status'), <StatusBadge key="status" status={account.status} />],
          ...amounts,
          [t('accounts.since'), <When key="since" at={account.createdAt} />],
        ]}
      />
      <div className="flex flex-wrap justify-end gap-2">
        <Button tone="plain" onClick={onClose}>
          {t('accounts.dismiss')}
        </Button>
        <Link to="/admin/accounts/$userId" params={{ userId }} className={buttonClass()}>
          {t('accounts.ledger')}
        </Link>
        {acts.map((act) => (
          <Button key={act} onClick={() => onAct(act)}>
            {t(`accounts.act.${act}`)}
          </Button>
        ))}
      </div>
    </div>
  );
}

/** An account, and what may be done to it. */
function Detail(props: DetailProps) {
  const [act, setAct] = useState<AccountAct>();
  // once for all that is tried while this is open: an adjustment whose answer was lost is not booked again
  const [adjustmentId] = useState(newId);
  if (act === undefined) return <Overview {...props} onAct={setAct} />;
  const done = (said: string) => {
    props.onDone(said);
    props.onClose();
  };
  const acting = { userId: props.account.userId, onBack: () => setAct(undefined), onDone: done };
  if (act === 'adjust') return <AdjustAccount {...acting} adjustmentId={adjustmentId} />;
  return <ChangeStatus {...acting} status={act} />;
}

interface AccountDialogProps extends Omit<DetailProps, 'account'> {
  /** The dialog is closed while there is none. */
  account: Account | undefined;
}

export function AccountDialog({ account, ...handlers }: AccountDialogProps) {
  const { t } = useTranslation();
  return (
    <Dialog open={account !== undefined} onClose={handlers.onClose} title={t('accounts.dialog')}>
      {account && <Detail account={account} {...handlers} />}
    </Dialog>
  );
}
