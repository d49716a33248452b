/** What a colour says; an icon and a word always stand beside it. */
export type Tone = 'neutral' | 'brand' | 'ok' | 'warn' | 'danger' | 'info';

export const softTone: Record<Tone, string> = {
  neutral: 'bg-surface text-ink border-line',
  brand: 'bg-brand-soft text-brand border-transparent',
  ok: 'bg-ok-soft text-ok border-transparent',
  warn: 'bg-warn-soft text-warn border-transparent',
  danger: 'bg-danger-soft text-danger border-transparent',
  info: 'bg-info-soft text-info border-transparent',
};

export const inkTone: Record<Tone, string> = {
  neutral: 'text-ink-2',
  brand: 'text-brand',
  ok: 'text-ok',
  warn: 'text-warn',
  danger: 'text-danger',
  info: 'text-info',
};
