import { useTranslation } from 'react-i18next';

export function BrandMark({ className = 'size-7' }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className={`shrink-0 ${className}`}>
      <rect width="32" height="32" rx="9" className="fill-accent" />
      <path
        d="M16 16 8.5 11.5M16 16l7.5-4.5M16 16v8.5"
        className="stroke-on-accent"
        strokeWidth="2.2"
        strokeLinecap="round"
      />
      <g className="fill-on-accent">
        <circle cx="16" cy="16" r="4" />
        <circle cx="8.5" cy="11.5" r="2.4" />
        <circle cx="23.5" cy="11.5" r="2.4" />
        <circle cx="16" cy="24.5" r="2.4" />
      </g>
    </svg>
  );
}

export function Brand() {
  const { t } = useTranslation();
  return (
    <span className="flex items-center gap-2.5 font-semibold tracking-tight">
      <BrandMark />
      {t('shell.brand')}
    </span>
  );
}
