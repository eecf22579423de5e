import type { ReactNode } from 'react';

const TONES = {
  quiet: 'bg-sunken text-ink-soft',
  good: 'bg-accent-soft text-accent-strong',
  bad: 'bg-danger-soft text-danger',
} as const;

interface BadgeProps {
  tone?: keyof typeof TONES;
  className?: string;
  children: ReactNode;
}

/** A word or two about the state of what it stands beside. */
export function Badge({ tone = 'quiet', className = '', children }: BadgeProps) {
  return (
    <span
      className={`rounded-full px-2 py-0.5 font-sans text-[0.8125rem] whitespace-nowrap ${TONES[tone]} ${className}`}
    >
      {children}
    </span>
  );
}
