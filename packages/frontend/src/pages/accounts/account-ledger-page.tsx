import type { Transaction } from '@smart-ai-hub/shared/contracts';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { balanceOfQuery } from '../../api/credit-queries.ts';
import { usePersonName } from '../../api/use-person-name.ts';
import { formatWhen } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/use-language.tsx';
import { Button } from '../../ui/button.tsx';
import { Facts } from '../../ui/facts.tsx';
import { CreditsCell } from '../../ui/figures.tsx';
import { Card } from '../../ui/page.tsx';
import { Queried } from '../../ui/queried.tsx';
import { StatusLine } from '../../ui/status-line.tsx';
import { LedgerPage } from '../credits/ledger-page.tsx';
import { useMayAdjust } from './account-acts.ts';
import { AdjustButton } from './adjust-account.tsx';
import { RefundDialog } from './refund-dialog.tsx';

interface BalanceCardProps {
  userId: string;
  name: string;
  /** What may be done about it. */
  children: ReactNode;
}

function BalanceCard({ userId, name, children }: BalanceCardProps) {
  const { t } = useTranslation();
  const balance = useQuery(balanceOfQuery(useHub(), userId));
  return (
    <Card className="grid max-w-md gap-4 p-5">
      <p className="font-medium break-all">{name}</p>
      <Queried query={balance}>
        {(data) => (
          <Facts
            facts={(['balance', 'held', 'available'] as const).map((one) => [
              t(`accounts.${one}`),
              <CreditsCell key={one} micro={data[`${one}Micro`]} />,
            ])}
          />
        )}
      </Queried>
      {children}
    </Card>
  );
}

/** What was charged for a call can be given back, once. */
function RefundButton({ row, onAsk }: { row: Transaction; onAsk: () => void }) {
  const { t } = useTranslation();
  const when = formatWhen(row.createdAt, useLanguage());
  if (row.reason !== 'usage' || row.isRefunded) return null;
  return (
    <Button size="small" className="mt-2" aria-label={t('accounts.refund.named', { when })} onClick={onAsk}>
      {t('accounts.refund.action')}
    </Button>
  );
}

/** The credits of somebody else, and every line of their ledger. */
export function AccountLedgerPage() {
  const { t } = useTranslation();
  const { userId } = useParams({ from: '/member/admin/accounts/$userId' });
  const name = usePersonName(userId);
  const mayAdjust = useMayAdjust(userId);
  const [charge, setCharge] = useState<Transaction>();
  const [said, setSaid] = useState<string>();
  const action = (row: Transaction) => <RefundButton row={row} onAsk={() => setCharge(row)} />;
  return (
    <LedgerPage
      title={t('accounts.dialog')}
      text={t('credits.text')}
      userId={userId}
      action={mayAdjust ? action : undefined}
    >
      <StatusLine text={said} />
      <BalanceCard userId={userId} name={name}>
        {mayAdjust && <AdjustButton userId={userId} onDone={setSaid} />}
      </BalanceCard>
      <RefundDialog charge={charge} name={name} onClose={() => setCharge(undefined)} onDone={setSaid} />
    </LedgerPage>
  );
}
