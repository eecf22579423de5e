import type { Balance } from '@smart-ai-hub/shared/contracts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { balanceQuery } from '../../api/queries.ts';
import { formatCredits } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/use-language.tsx';
import { buttonClass } from '../../ui/button.tsx';
import { Credits } from '../../ui/figures.tsx';
import { Card } from '../../ui/page.tsx';
import { Queried } from '../../ui/queried.tsx';

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
  return (
    <Card className="flex flex-col gap-3 p-6 sm:p-7">
      <h2 className="eyebrow">{t('overview.available')}</h2>
      <Queried query={balance}>{(data) => <BalanceFigures balance={data} />}</Queried>
      <Link to="/playground" className={buttonClass({ tone: 'primary' }, 'mt-auto self-start')}>
        {t('overview.try')}
      </Link>
    </Card>
  );
}
