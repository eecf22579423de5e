import type { Account } from '@smart-ai-hub/shared/contracts';
import { useTranslation } from 'react-i18next';
import { usePersonName } from '../../api/use-person-name.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { CreditsCell } from '../../ui/figures.tsx';
import { Cell, HeadCell, Table } from '../../ui/table.tsx';

export function StatusBadge({ status }: { status: Account['status'] }) {
  const { t } = useTranslation();
  return <Badge tone={status === 'active' ? 'good' : 'quiet'}>{t(`accounts.states.${status}`)}</Badge>;
}

function AccountRow({ account, onOpen }: { account: Account; onOpen: () => void }) {
  const { t } = useTranslation();
  const name = usePersonName(account.userId);
  const amounts = [account.balanceMicro, account.heldMicro, account.availableMicro];
  return (
    <tr>
      <Cell className="max-lg:w-full">
        <span className="mr-2 font-medium break-all">{name}</span>
        <StatusBadge status={account.status} />
        <span className="grid text-sm text-ink-faint lg:hidden">
          <span>
            {t('accounts.balance')}: <CreditsCell micro={account.balanceMicro} />
          </span>
          {account.heldMicro > 0 && (
            <span>
              {t('accounts.held')}: <CreditsCell micro={account.heldMicro} />
            </span>
          )}
        </span>
      </Cell>
      {amounts.map((micro, index) => (
        <Cell key={index} numeric wideOnly="very">
          <CreditsCell micro={micro} />
        </Cell>
      ))}
      <Cell numeric>
        <Button size="small" aria-label={t('accounts.openNamed', { name })} onClick={onOpen}>
          {t('accounts.open')}
        </Button>
      </Cell>
    </tr>
  );
}

interface AccountTableProps {
  accounts: Account[];
  onOpen: (account: Account) => void;
}

export function AccountTable({ accounts, onOpen }: AccountTableProps) {
  const { t } = useTranslation();
  return (
    <Table label={t('accounts.title')}>
      <thead>
        <tr>
          <HeadCell>{t('accounts.person')}</HeadCell>
          {(['balance', 'held', 'available'] as const).map((name) => (
            <HeadCell key={name} numeric wideOnly="very">
              {t(`accounts.${name}`)}
            </HeadCell>
          ))}
          <HeadCell numeric>
            <span className="sr-only">{t('accounts.actions')}</span>
          </HeadCell>
        </tr>
      </thead>
      <tbody>
        {accounts.map((account) => (
          <AccountRow key={account.userId} account={account} onOpen={() => onOpen(account)} />
        ))}
      </tbody>
    </Table>
  );
}
