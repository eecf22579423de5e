import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

export function VisitorPage({ title, text, children }: { title: string; text: string; children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <>
      <title>{t('shell.titled', { page: title })}</title>
      <h1 className="mb-2 text-3xl">{title}</h1>
      <p className="mb-8 text-ink-soft">{text}</p>
      {children}
    </>
  );
}
