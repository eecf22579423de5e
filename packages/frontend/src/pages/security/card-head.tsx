import type { ReactNode } from 'react';

interface CardHeadProps {
  title: string;
  text?: string;
  action?: ReactNode;
}

/** Title, one sentence and main action of a part of a page. */
export function CardHead({ title, text, action }: CardHeadProps) {
  return (
    <header className="flex flex-wrap items-start justify-between gap-3">
      <div className="grid max-w-xl gap-1">
        <h2 className="text-lg">{title}</h2>
        {text && <p className="text-ink-soft">{text}</p>}
      </div>
      {action}
    </header>
  );
}
