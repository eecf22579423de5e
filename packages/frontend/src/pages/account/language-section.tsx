import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useApp } from '../../api/app-context.tsx';
import { isLanguage, LANGUAGES, type Language } from '../../i18n/language.ts';
import { SelectField } from '../../ui/field.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { Done } from './done.tsx';
import { Section } from './section.tsx';

export function LanguageSection({ language }: { language: Language }) {
  const { t } = useTranslation();
  const { hub, chooseLanguage } = useApp();
  const choose = useMutation({
    mutationFn: async (locale: Language) => {
      hub.session.update(await hub.account.updateMe({ body: { locale } }));
      chooseLanguage(locale);
    },
  });
  return (
    <Section title={t('profile.language.title')} text={t('profile.language.text')}>
      {choose.error && <ErrorNotice error={choose.error} />}
      <SelectField
        label={t('profile.language.label')}
        value={language}
        disabled={choose.isPending}
        onChange={({ target: { value } }) => isLanguage(value) && choose.mutate(value)}
      >
        {Object.entries(LANGUAGES).map(([name, label]) => (
          <option key={name} value={name} lang={name}>
            {label}
          </option>
        ))}
      </SelectField>
      <Done words={choose.isSuccess ? t('profile.language.done') : undefined} />
    </Section>
  );
}
