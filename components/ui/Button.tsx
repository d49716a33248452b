import { LoaderCircle, type LucideIcon } from 'lucide-react';
import Link from 'next/link';
import type { ComponentProps, ReactNode } from 'react';
import { classes } from './classes.ts';

type Look = 'primary' | 'secondary' | 'quiet' | 'danger';
type Size = 'sm' | 'md' | 'lg';

const looks: Record<Look, string> = {
  primary:
    'bg-brand text-brand-ink border-transparent hover:not-disabled:not-aria-disabled:bg-brand-strong disabled:opacity-55 aria-disabled:opacity-55',
  secondary:
    'bg-surface text-ink border-control hover:not-disabled:not-aria-disabled:bg-sunken disabled:text-ink-3 disabled:border-line-strong',
  quiet: 'bg-transparent text-ink border-transparent hover:not-disabled:bg-sunken disabled:text-ink-3',
  danger: 'bg-surface text-danger border-danger hover:not-disabled:bg-danger-soft disabled:opacity-55',
};
const sizes: Record<Size, string> = {
  sm: 'min-h-8 px-3 py-1 text-sm gap-1.5 rounded-md',
  md: 'min-h-10 px-4 py-2 text-sm gap-2 rounded-lg',
  lg: 'min-h-12 px-5 py-2.5 text-base gap-2.5 rounded-lg',
};

interface Appearance {
  look?: Look;
  size?: Size;
  icon?: LucideIcon;
  /** Shown after the label, for example the key that presses the button. */
  after?: ReactNode;
  wide?: boolean;
}

function appearance({ look = 'secondary', size = 'md', wide }: Appearance): string {
  return classes(
    'inline-flex items-center justify-center border font-semibold leading-tight text-center transition-colors duration-100 select-none',
    'disabled:cursor-not-allowed aria-disabled:cursor-not-allowed',
    looks[look],
    sizes[size],
    wide && 'w-full',
  );
}

export interface ButtonProps extends Omit<ComponentProps<'button'>, 'className'>, Appearance {
  /** The action is under way: says so to assistive technology and refuses a second press. */
  busy?: boolean;
}

/** A button; `type` is `button` unless told. One primary button a screen. */
export function Button({
  look,
  size,
  icon: Icon,
  after,
  wide,
  busy,
  children,
  disabled,
  type = 'button',
  ...rest
}: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      className={appearance({ look, size, wide })}
    >
      {busy ? (
        <LoaderCircle size={18} aria-hidden className="shrink-0 animate-spin" />
      ) : (
        Icon && <Icon size={size === 'sm' ? 16 : 18} aria-hidden className="shrink-0" />
      )}
      {children}
      {after}
    </button>
  );
}

export interface LinkButtonProps extends Omit<ComponentProps<typeof Link>, 'className'>, Appearance {}

/** A link that looks like a button, for going somewhere. */
export function LinkButton({ look, size, icon: Icon, after, wide, children, ...rest }: LinkButtonProps) {
  return (
    <Link {...rest} className={appearance({ look, size, wide })}>
      {Icon && <Icon size={size === 'sm' ? 16 : 18} aria-hidden className="shrink-0" />}
      {children}
      {after}
    </Link>
  );
}

export interface IconButtonProps extends Omit<ComponentProps<'button'>, 'className' | 'children'> {
  icon: LucideIcon;
  /** Said by assistive technology and shown as a tooltip by the browser. */
  label: string;
}

export function IconButton({ icon: Icon, label, type = 'button', ...rest }: IconButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      aria-label={label}
      title={label}
      className="inline-flex size-10 shrink-0 items-center justify-center rounded-lg text-ink-2 transition-colors hover:bg-sunken hover:text-ink"
    >
      <Icon size={19} aria-hidden />
    </button>
  );
}
