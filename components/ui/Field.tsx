'use client';

import { CircleAlert } from 'lucide-react';
import { type ComponentProps, type ReactNode, useId } from 'react';
import { classes } from './classes.ts';

interface Shared {
  label: string;
  hint?: ReactNode;
  error?: string | null;
  /** Stands on the label's far side. */
  aside?: ReactNode;
  hideLabel?: boolean;
}

/** Label, control, hint and error, tied together for assistive technology. */
export function Field({
  label,
  hint,
  error,
  aside,
  hideLabel,
  children,
}: Shared & {
  children: (control: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true }) => ReactNode;
}) {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div className="min-w-0">
      <div className={classes('mb-1.5 flex items-baseline justify-between gap-3', hideLabel && 'sr-only')}>
        <label htmlFor={id} className="text-sm font-semibold text-ink-2">
          {label}
        </label>
        {aside}
      </div>
      {children({ id, 'aria-describedby': described || undefined, 'aria-invalid': error ? true : undefined })}
      {hint && (
        <p id={`${id}-hint`} className="mt-1.5 text-sm text-ink-3">
          {hint}
        </p>
      )}
      {error && (
        <p
          id={`${id}-error`}
          role="alert"
          className="mt-1.5 flex items-start gap-1.5 text-sm font-semibold text-danger"
        >
          <CircleAlert size={16} aria-hidden className="mt-0.5 shrink-0" />
          {error}
        </p>
      )}
    </div>
  );
}

export function TextField({
  label,
  hint,
  error,
  aside,
  hideLabel,
  mono,
  ...input
}: Shared & Omit<ComponentProps<'input'>, 'className'> & { mono?: boolean }) {
  return (
    <Field label={label} hint={hint} error={error} aside={aside} hideLabel={hideLabel}>
      {(control) => <input {...input} {...control} className={classes('control', mono && 'font-mono')} />}
    </Field>
  );
}

export function TextAreaField({
  label,
  hint,
  error,
  aside,
  hideLabel,
  ...input
}: Shared & Omit<ComponentProps<'textarea'>, 'className'>) {
  return (
    <Field label={label} hint={hint} error={error} aside={aside} hideLabel={hideLabel}>
      {(control) => <textarea rows={3} {...input} {...control} className="control resize-y" />}
    </Field>
  );
}

/** A native select: fastest with a keyboard, right on a phone. */
export function SelectField<Value extends string>({
  label,
  hint,
  error,
  hideLabel,
  options,
  value,
  onChange,
  ...input
}: Shared &
  Omit<ComponentProps<'select'>, 'className' | 'onChange' | 'value'> & {
    options: readonly { value: Value; label: string }[];
    value: Value;
    onChange: (value: Value) => void;
  }) {
  return (
    <Field label={label} hint={hint} error={error} hideLabel={hideLabel}>
      {(control) => (
        <select
          {...input}
          {...control}
          value={value}
          onChange={(event) => {
            const chosen = options.find((option) => option.value === event.target.value);
            if (chosen) onChange(chosen.value);
          }}
          className="control"
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
