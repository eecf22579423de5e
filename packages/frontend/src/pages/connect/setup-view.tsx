import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { Access, Setup } from '../../connect/setup.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Card } from '../../ui/page.tsx';

/** One set-up, filled in, with a button that copies it. */
export function SetupView({ setup, access }: { setup: Setup; access: Access }) {
  const { t } = useTranslation();
  const title = useId();
  const text = setup.text(access);
  const where = setup.file ?? t(`connect.kinds.${setup.kind}`);
  return (
    <Card className="min-w-0 overflow-hidden">
      <div className="flex items-center justify-between gap-3 py-2 pr-2 pl-4">
        <h2 id={title} className="min-w-0 text-base">
          {setup.name} <span className="text-sm font-normal text-ink-soft">{where}</span>
        </h2>
        <CopyButton
          text={text}
          label={t('connect.copy')}
          name={t('connect.copyNamed', { name: `${setup.name}, ${where}` })}
          size="small"
        />
      </div>
      <pre
        // eslint-disable-next-line jsx-a11y-x/no-noninteractive-tabindex -- what scrolls has to be reachable by keyboard
        tabIndex={0}
        role="region"
        aria-labelledby={title}
        className="overflow-x-auto border-t border-line bg-sunken px-4 py-3.5 text-sm leading-relaxed focus-visible:-outline-offset-2"
      >
        <code>{text}</code>
      </pre>
    </Card>
  );
}
