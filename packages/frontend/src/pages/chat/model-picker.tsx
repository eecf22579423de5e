import { useTranslation } from 'react-i18next';
import type { ModelOffer } from '../../api/model-offer.ts';
import { INPUT_CLASS } from '../../ui/field.tsx';

interface ModelPickerProps {
  offers: readonly ModelOffer[];
  chosen: string;
  onChoose: (model: string) => void;
}

export function ModelPicker({ offers, chosen, onChoose }: ModelPickerProps) {
  const { t } = useTranslation();
  return (
    <label className="min-w-0 max-sm:basis-full">
      <span className="sr-only">{t('chat.model')}</span>
      <select
        value={chosen}
        onChange={(event) => onChoose(event.target.value)}
        className={`${INPUT_CLASS} h-9 max-w-full text-ellipsis font-mono sm:max-w-72 text-sm`}
      >
        {offers.map(({ id }) => (
          <option key={id}>{id}</option>
        ))}
      </select>
    </label>
  );
}
