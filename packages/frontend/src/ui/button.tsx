import type { ComponentProps } from 'react';
import { Icon, type IconName } from './icon.tsx';

const TONES = {
  primary: 'bg-accent text-on-accent hover:bg-accent-strong',
  quiet: 'border border-line bg-surface text-ink hover:border-line-strong',
  plain: 'text-ink-soft hover:bg-sunken hover:text-ink',
  danger: 'bg-danger text-on-danger hover:bg-danger-strong',
} as const;

const SIZES = { normal: 'h-10 px-4 gap-2', small: 'h-9 px-3 gap-1.5 text-sm' } as const;

export interface ButtonLook {
  tone?: keyof typeof TONES;
  size?: keyof typeof SIZES;
}

/** The look of a button, for links as well. */
export function buttonClass({ tone = 'quiet', size = 'normal' }: ButtonLook = {}, more = ''): string {
  return `inline-flex items-center justify-center rounded-lg font-medium whitespace-nowrap transition-colors disabled:opacity-55 disabled:pointer-events-none ${SIZES[size]} ${TONES[tone]} ${more}`;
}

type ButtonProps = ComponentProps<'button'> & ButtonLook & { icon?: IconName };

export function Button({ tone, size, icon, className, children, type = 'button', ...props }: ButtonProps) {
  const look = { ...(tone && { tone }), ...(size && { size }) };
  return (
    <button type={type} className={buttonClass(look, className)} {...props}>
      {icon && <Icon name={icon} className="size-4.5" />}
      {children}
    </button>
  );
}

/** An icon alone; `label` is its name for those who do not see it. */
export function IconButton({
  icon,
  label,
  className = '',
  ...props
}: ComponentProps<'button'> & { icon: IconName; label: string }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={`inline-flex size-10 items-center justify-center rounded-lg text-ink-soft transition-colors hover:bg-sunken hover:text-ink ${className}`}
      {...props}
    >
      <Icon name={icon} />
    </button>
  );
}
