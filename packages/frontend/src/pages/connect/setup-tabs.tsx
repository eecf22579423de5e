import { Tabs } from 'radix-ui';
import { useTranslation } from 'react-i18next';
import { FAMILIES, SETUPS } from '../../connect/setups.ts';
import type { Access } from '../../connect/setup.ts';
import { SetupView } from './setup-view.tsx';

const TAB_CLASS =
  'rounded-lg border border-transparent px-3.5 py-2 font-medium text-ink-soft transition-colors hover:bg-sunken hover:text-ink data-[state=active]:border-line data-[state=active]:bg-accent-soft data-[state=active]:text-accent-strong';

/** The set-ups, a tab for each family of programs. */
export function SetupTabs({ access }: { access: Access }) {
  const { t } = useTranslation();
  return (
    <Tabs.Root defaultValue={FAMILIES[0]} className="grid min-w-0 gap-5">
      <Tabs.List aria-label={t('connect.families.label')} className="flex flex-wrap gap-1.5">
        {FAMILIES.map((family) => (
          <Tabs.Trigger key={family} value={family} className={TAB_CLASS}>
            {t(`connect.families.${family}.name`)}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      {FAMILIES.map((family) => (
        <Tabs.Content key={family} value={family} tabIndex={-1} className="grid min-w-0 gap-4">
          <p className="max-w-2xl text-ink-soft">{t(`connect.families.${family}.text`)}</p>
          {SETUPS[family].map((setup) => (
            <SetupView key={`${setup.name} ${setup.kind}`} setup={setup} access={access} />
          ))}
        </Tabs.Content>
      ))}
    </Tabs.Root>
  );
}
