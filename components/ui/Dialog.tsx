'use client';

import { X } from 'lucide-react';
import { Dialog as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';
import { classes } from './classes.ts';

interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: ReactNode;
  closeLabel: string;
  children?: ReactNode;
  /** Stands under the body, at the end of the reading direction. */
  actions?: ReactNode;
  /** `dialog` in the middle, `drawer` at the far side, `menu` at the near side. */
  place?: 'dialog' | 'drawer' | 'menu';
}

const places = {
  dialog:
    'left-1/2 top-1/2 w-[min(34rem,calc(100vw-24px))] max-h-[calc(100dvh-32px)] -translate-x-1/2 -translate-y-1/2 rounded-xl border animate-fade',
  drawer: 'inset-y-0 right-0 w-[min(30rem,100vw)] border-l animate-slide',
  menu: 'inset-y-0 left-0 w-[min(19rem,88vw)] border-r animate-slide-left bg-sunken',
};

/** A dialog or a drawer; focus is kept inside and given back when it closes. */
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  closeLabel,
  children,
  actions,
  place = 'dialog',
}: DialogProps) {
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 animate-fade bg-[oklch(0.2_0.02_225/0.5)]" />
        <Primitive.Content
          {...(description ? {} : { 'aria-describedby': undefined })}
          className={classes('fixed z-50 flex flex-col border-line bg-surface', places[place])}
        >
          <div className="flex items-start justify-between gap-4 px-5 pt-4 pb-3">
            <div className="min-w-0 pt-1.5">
              <Primitive.Title className="text-lg leading-snug font-bold">{title}</Primitive.Title>
              {description && (
                <Primitive.Description asChild>
                  <div className="mt-1 text-sm text-ink-2">{description}</div>
                </Primitive.Description>
              )}
            </div>
            <Primitive.Close
              aria-label={closeLabel}
              className="-mr-2 inline-flex size-10 shrink-0 items-center justify-center rounded-lg text-ink-2 hover:bg-sunken hover:text-ink"
            >
              <X size={19} aria-hidden />
            </Primitive.Close>
          </div>
          <div className="min-h-0 flex-1 overflow-y-auto px-5 pb-5">{children}</div>
          {actions && (
            <div className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3.5">{actions}</div>
          )}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
