'use client';

import { Check, type LucideIcon } from 'lucide-react';
import { DropdownMenu as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';

const item =
  'flex min-h-9 cursor-pointer items-center gap-2.5 rounded-sm px-2.5 text-sm outline-none select-none data-highlighted:bg-brand-soft data-disabled:cursor-default data-disabled:text-ink-3';

/** A menu that opens from `trigger`, which must be a button. */
export function Menu({
  trigger,
  children,
  side = 'bottom',
}: {
  trigger: ReactNode;
  children: ReactNode;
  side?: 'top' | 'bottom';
}) {
  return (
    <Primitive.Root modal={false}>
      <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          side={side}
          align="end"
          sideOffset={6}
          collisionPadding={8}
          className="z-50 min-w-52 animate-fade rounded-lg border border-line-strong bg-surface p-1"
        >
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

export function MenuItem({
  icon: Icon,
  children,
  onSelect,
}: {
  icon: LucideIcon;
  children: ReactNode;
  onSelect: () => void;
}) {
  return (
    <Primitive.Item onSelect={onSelect} className={item}>
      <Icon size={17} aria-hidden className="text-ink-2" />
      {children}
    </Primitive.Item>
  );
}

export function MenuChoice<Value extends string>({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: Value;
  options: readonly { value: Value; label: string; icon: LucideIcon }[];
  onChange: (value: Value) => void;
}) {
  return (
    <Primitive.RadioGroup value={value} aria-label={label}>
      <Primitive.Label className="px-2.5 pt-1.5 pb-1 text-xs text-ink-3">{label}</Primitive.Label>
      {options.map(({ value: option, label: text, icon: Icon }) => (
        <Primitive.RadioItem key={option} value={option} onSelect={() => onChange(option)} className={item}>
          <Icon size={17} aria-hidden className="text-ink-2" />
          <span className="flex-1">{text}</span>
          <Primitive.ItemIndicator>
            <Check size={17} aria-hidden className="text-brand" />
          </Primitive.ItemIndicator>
        </Primitive.RadioItem>
      ))}
    </Primitive.RadioGroup>
  );
}

export function MenuLine() {
  return <Primitive.Separator className="my-1 h-px bg-line" />;
}

/** Words at the head of a menu that do nothing. */
export function MenuNote({ children }: { children: ReactNode }) {
  return <div className="px-2.5 py-2 text-sm">{children}</div>;
}
