import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface PageProps {
  title: string;
  text?: string;
  action?: ReactNode;
  children: ReactNode;
}

/** The frame of a page: its title here and in the tab, one sentence, and its main action. */
export function Page({ title, text, action, children }: PageProps) {
  const { t } = useTranslation();
  return (
    <div className="mx-auto grid w-full max-w-5xl gap-7 px-4 py-8 sm:px-8 sm:py-11">
      <title>{t('shell.titled', { page: title })}</title>
      <header className="flex flex-wrap items-end justify-between gap-4">
        <div className="grid max-w-2xl gap-1.5">
          <h1 className="text-[1.75rem]">{title}</h1>
          {text && <p className="text-ink-soft">{text}</p>}
        </div>
        {action}
      </header>
      {children}
    </div>
  );
}

/** A surface that holds one thing. */
export function Card({ children, className = '' }: { children: ReactNode; className?: string }) {
  return <section className={`rounded-2xl border border-line bg-surface ${className}`}>{children}</section>;
}
