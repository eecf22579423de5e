import { Outlet } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../../i18n/use-language.tsx';
import { LANGUAGES } from '../../i18n/language.ts';
import { Brand } from '../brand.tsx';
import { Count, CreditsCell } from '../figures.tsx';
import { Icon } from '../icon.tsx';
import { PreferencesMenu } from './preferences-menu.tsx';

const SPECIMEN = { model: 'hub/echo', tokensIn: 412, tokensOut: 1208, costMicro: 1_620_000 };

/** What the product does, as a specimen: the receipt of one call. */
function Receipt() {
  const { t } = useTranslation();
  const lines = [
    [t('account.promise.model'), <code key="model">{SPECIMEN.model}</code>],
    [t('account.promise.tokensIn'), <Count key="in" value={SPECIMEN.tokensIn} />],
    [t('account.promise.tokensOut'), <Count key="out" value={SPECIMEN.tokensOut} />],
  ] as const;
  return (
    <div
      aria-hidden="true"
      className="w-full max-w-sm rounded-2xl border border-line bg-surface p-6 shadow-lift"
    >
      <div className="mb-4 flex items-center justify-between">
        <span className="eyebrow">{t('account.promise.receipt')}</span>
        <span className="rounded-full bg-accent-soft px-2.5 py-0.5 text-sm font-medium text-accent-strong">
          {t('account.promise.settled')}
        </span>
      </div>
      <dl className="grid gap-2 text-ink-soft">
        {lines.map(([name, value]) => (
          <div key={name} className="flex justify-between gap-4">
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        <div className="mt-2 flex items-baseline justify-between gap-4 border-t border-dashed border-line-strong pt-4 text-ink">
          <dt>{t('account.promise.cost')}</dt>
          <dd className="text-2xl font-medium">
            <CreditsCell micro={SPECIMEN.costMicro} />
          </dd>
        </div>
      </dl>
    </div>
  );
}

function Preferences() {
  const { t } = useTranslation();
  return (
    <PreferencesMenu
      triggerClass="flex h-10 items-center gap-2 rounded-lg px-3 text-ink-soft transition-colors hover:bg-sunken hover:text-ink"
      trigger={
        <>
          <span className="sr-only">{t('shell.menu.preferences')}</span>
          <Icon name="globe" />
          {LANGUAGES[useLanguage()]}
        </>
      }
    />
  );
}

/** Where people are before they are signed in. */
export function VisitorFrame() {
  const { t } = useTranslation();
  return (
    <div className="grid min-h-dvh lg:grid-cols-2">
      <div className="flex flex-col px-5 py-4 sm:px-10">
        <header className="flex items-center justify-between">
          <Brand />
          <Preferences />
        </header>
        <main className="m-auto w-full max-w-sm py-12">
          <Outlet />
        </main>
      </div>
      <aside className="hidden content-center justify-items-center gap-12 border-l border-line bg-sunken p-14 lg:grid">
        <Receipt />
        <div className="grid max-w-sm gap-3">
          <p className="text-2xl leading-snug font-semibold text-balance">{t('account.promise.title')}</p>
          <p className="text-ink-soft">{t('account.promise.text')}</p>
        </div>
      </aside>
    </div>
  );
}
