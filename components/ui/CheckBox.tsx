'use client';

import { Check } from 'lucide-react';
import { Checkbox as Primitive } from 'radix-ui';
import { type ReactNode, useId } from 'react';

export function CheckBox({
  checked,
  onChange,
  children,
  disabled,
}: {
  checked: boolean;
  onChange: (checked: boolean) => void;
  children: ReactNode;
  disabled?: boolean;
}) {
  const id = useId();
  return (
    <div className="flex items-start gap-2.5">
      <Primitive.Root
        id={id}
        checked={checked}
        disabled={disabled}
        onCheckedChange={(state) => onChange(state === true)}
        className="mt-px inline-flex size-6 shrink-0 items-center justify-center rounded-sm border border-control bg-surface text-brand-ink data-[state=checked]:border-brand data-[state=checked]:bg-brand"
      >
        <Primitive.Indicator>
          <Check size={17} strokeWidth={3} aria-hidden />
        </Primitive.Indicator>
      </Primitive.Root>
      <label htmlFor={id} className="min-w-0 cursor-pointer pt-px">
        {children}
      </label>
    </div>
  );
}
