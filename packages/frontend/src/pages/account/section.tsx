import { useId, type ReactNode } from 'react';

interface SectionProps {
  title: string;
  text?: string;
  children: ReactNode;
}

/** One thing about the account: what it is on the left, what can be done on the right. */
export function Section({ title, text, children }: SectionProps) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className="grid gap-5 rounded-2xl border border-line bg-surface p-6 md:grid-cols-2"
    >
      <div className="grid content-start gap-1.5">
        <h2 id={id} className="text-xl">
          {title}
        </h2>
        {text && <p className="text-ink-soft">{text}</p>}
      </div>
      <div className="grid min-w-0 content-start gap-5">{children}</div>
    </section>
  );
}
