import type { Reconciliation, ReconcileReport } from '@smart-ai-hub/shared/contracts';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { proofsQuery } from '../../api/credit-queries.ts';
import { formatCount, formatCredits } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/use-language.tsx';
import { Button } from '../../ui/button.tsx';
import { Count, CreditsCell, When } from '../../ui/figures.tsx';
import { LoadMore } from '../../ui/load-more.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { Card } from '../../ui/page.tsx';
import { Queried } from '../../ui/queried.tsx';
import { Cell, HeadCell, Table } from '../../ui/table.tsx';

/** The accounts that do not add up, each with both sides of what should be one number. */
function Mismatches({ mismatches }: Pick<ReconcileReport, 'mismatches'>) {
  const { t } = useTranslation();
  const language = useLanguage();
  const credits = (micro: number) => formatCredits(micro, language);
  return (
    <div role="alert" className="grid gap-3 rounded-xl bg-danger-soft p-4 text-danger">
      <p className="font-medium">
        {t('accounts.proof.broken', { accounts: formatCount(mismatches.length, language) })}
      </p>
      <ul className="grid gap-2 text-sm">
        {mismatches.map(({ accountId, ...sums }) => (
          <li key={accountId}>
            <code className="block break-all">{accountId}</code>
            {t('accounts.proof.mismatch', {
              balance: credits(sums.balanceMicro),
              ledger: credits(sums.ledgerMicro),
              held: credits(sums.heldMicro),
              holds: credits(sums.holdsMicro),
            })}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Has the hub add up every ledger now, and says what it found. */
function ProveNow() {
  const { t } = useTranslation();
  const language = useLanguage();
  const { credits } = useHub();
  const prove = useMutation({ mutationFn: () => credits.reconcile() });
  const found = prove.data;
  return (
    <>
      {prove.error && <ErrorNotice error={prove.error} />}
      <div className="flex flex-wrap items-center gap-3">
        <Button disabled={prove.isPending} onClick={() => prove.mutate()}>
          {t(prove.isPending ? 'accounts.proof.checking' : 'accounts.proof.check')}
        </Button>
        <p role="status">
          {found?.mismatches.length === 0 &&
            t('accounts.proof.whole', {
              accounts: formatCount(found.accounts, language),
              sum: formatCredits(found.balanceSumMicro, language),
            })}
        </p>
      </div>
      {found && found.mismatches.length > 0 && <Mismatches mismatches={found.mismatches} />}
    </>
  );
}

function ProofTable({ proofs }: { proofs: Reconciliation[] }) {
  const { t } = useTranslation();
  return (
    <Table label={t('accounts.proof.title')}>
      <thead>
        <tr>
          <HeadCell>{t('accounts.proof.when')}</HeadCell>
          {(['accounts', 'expired', 'loss'] as const).map((name) => (
            <HeadCell key={name} numeric wideOnly="very">
              {t(`accounts.proof.${name}`)}
            </HeadCell>
          ))}
          <HeadCell numeric>{t('accounts.proof.mismatches')}</HeadCell>
        </tr>
      </thead>
      <tbody>
        {proofs.map(({ checkedAt, accounts, mismatches, houseLossMicro, expiredHolds }) => (
          <tr key={checkedAt}>
            <Cell>
              <When at={checkedAt} />
              <span className="grid text-sm text-ink-faint lg:hidden">
                <span>
                  {t('accounts.proof.accounts')}: <Count value={accounts} />
                </span>
                <span>
                  {t('accounts.proof.expired')}: <Count value={expiredHolds} />
                </span>
                <span>
                  {t('accounts.proof.loss')}: <CreditsCell micro={houseLossMicro} />
                </span>
              </span>
            </Cell>
            {[accounts, expiredHolds].map((value, index) => (
              <Cell key={index} numeric wideOnly="very">
                <Count value={value} />
              </Cell>
            ))}
            <Cell numeric wideOnly="very">
              <CreditsCell micro={houseLossMicro} />
            </Cell>
            <Cell numeric className={mismatches > 0 ? 'font-medium text-danger' : ''}>
              <Count value={mismatches} />
            </Cell>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

/** That the sums are right: what the nights found, and a proof at once for whoever asks. */
export function ProofCard() {
  const { t } = useTranslation();
  const pages = useInfiniteQuery(proofsQuery(useHub()));
  return (
    <Card className="overflow-hidden">
      <div className="grid gap-4 p-5">
        <h2 className="text-lg">{t('accounts.proof.title')}</h2>
        <p className="text-ink-soft">{t('accounts.proof.text')}</p>
        <ProveNow />
      </div>
      <Queried query={pages}>
        {(data) => {
          const proofs = data.pages.flatMap((page) => page.items);
          if (proofs.length > 0) return <ProofTable proofs={proofs} />;
          return <p className="border-t border-line p-5 text-ink-soft">{t('accounts.proof.none')}</p>;
        }}
      </Queried>
      <LoadMore pages={pages} />
    </Card>
  );
}
