import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface VisitorPageProps {
  title: string;
  text?: string;
  children: ReactNode;
}

export function VisitorPage({ title, text, children }: VisitorPageProps) {
  const { t } = useTranslation();
  return (
    <>
      <title>{t('shell.titled', { page: title })}</title>
      <h1 className="mb-2 text-3xl">{title}</h1>
      {text && <p className="mb-8 text-ink-soft">{text}</p>}
      {children}
    </>
  );
}
