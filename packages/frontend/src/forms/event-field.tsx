import { WEBHOOK_EVENTS } from '@smart-ai-hub/shared/contracts';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { TickBox } from './tick-box.tsx';

interface EventFieldProps {
  name: string;
  error: string | undefined;
  chosen: readonly string[];
  onChange: (chosen: readonly string[]) => void;
}

/** What a webhook hears of. The group takes the focus where nothing was chosen. */
export function EventField({ name, error, chosen, onChange }: EventFieldProps) {
  const { t } = useTranslation();
  const errorId = useId();
  const toggle = (event: string) =>
    onChange(WEBHOOK_EVENTS.filter((one) => chosen.includes(one) !== (one === event)));
  return (
    <fieldset
      name={name}
      tabIndex={-1}
      aria-describedby={error && errorId}
      className="grid gap-1.5 rounded-lg"
    >
      <legend className="mb-1.5 text-sm font-medium">{t('webhooks.hears')}</legend>
      <div className="grid gap-x-4 sm:grid-cols-2">
        {WEBHOOK_EVENTS.map((event) => (
          <TickBox key={event} checked={chosen.includes(event)} onChange={() => toggle(event)}>
            {t(`webhooks.events.${event}`)}
          </TickBox>
        ))}
      </div>
      {error && (
        <p id={errorId} className="text-sm text-danger">
          {error}
        </p>
      )}
    </fieldset>
  );
}
