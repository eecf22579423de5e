import type { Balance } from '@smart-ai-hub/shared/contracts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { balanceQuery } from '../../api/queries.ts';
import { useMay } from '../../api/use-scopes.ts';
import { formatCredits } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/use-language.tsx';
import { buttonClass } from '../../ui/button.tsx';
import { Credits } from '../../ui/figures.tsx';
import { Card } from '../../ui/page.tsx';
import { Queried } from '../../ui/queried.tsx';
import { StatusLine } from '../../ui/status-line.tsx';
import { RedeemCode } from './redeem-code.tsx';

function BalanceFigures({ balance }: { balance: Balance }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const held = balance.heldMicro > 0;
  return (
    <>
      <p className="flex flex-wrap items-baseline gap-x-3">
        <span
          className="text-5xl font-medium tracking-tight sm:text-[3.5rem] sm:leading-none"
          data-testid="balance"
        >
          <Credits micro={balance.availableMicro} />
        </span>
        <span className="text-lg text-ink-soft">{t('overview.credits')}</span>
      </p>
      <p className="text-ink-soft">
        {held
          ? t('overview.held', { amount: formatCredits(balance.heldMicro, language) })
          : t('overview.nothingHeld')}
      </p>
    </>
  );
}

export function BalanceCard() {
  const { t } = useTranslation();
  const balance = useQuery(balanceQuery(useHub()));
  const mayRedeem = useMay('promos:redeem');
  const [said, setSaid] = useState<string>();
  return (
    <Card className="flex flex-col gap-3 p-6 sm:p-7">
      <h2 className="eyebrow">{t('overview.available')}</h2>
      <Queried query={balance}>{(data) => <BalanceFigures balance={data} />}</Queried>
      <StatusLine text={said} />
      <div className="mt-auto flex flex-wrap gap-2">
        <Link to="/chat" className={buttonClass({ tone: 'primary' })}>
          {t('overview.try')}
        </Link>
        {mayRedeem && <RedeemCode onDone={setSaid} />}
      </div>
    </Card>
  );
}
