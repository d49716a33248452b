'use client';

import { useEffect, useRef, useState } from 'react';
import { createWedge } from './wedge.ts';

/** What an input held before a burst began, so that nothing of a scan stays in it. */
interface Before {
  field: HTMLInputElement | HTMLTextAreaElement;
  value: string;
}

/**
 * Hears a keyboard-wedge scanner wherever the focus is. What it typed into a field is taken out
 * again, and its Enter presses nothing. Answers whether it hears one: a page that was just loaded does not at once.
 */
export function useWedge(onText: (text: string) => void, listening: boolean): boolean {
  const [hears, setHears] = useState(false);
  const latest = useRef(onText);
  latest.current = onText;
  useEffect(() => {
    if (!listening) return;
    const wedge = createWedge();
    let before: Before | null = null;
    const onKey = (event: KeyboardEvent) => {
      if (event.isComposing) return;
      const focused = fieldOf(event.target);
      const held = focused && { field: focused, value: focused.value };
      const answer = wedge.take({ key: event.key, ctrlKey: event.ctrlKey, at: event.timeStamp });
      if (answer.kind === 'typed') {
        if (!modifiers.has(event.key)) before = held;
      } else if (answer.kind === 'burst') {
        if (event.ctrlKey || event.key === 'F8') event.preventDefault();
      } else {
        event.preventDefault();
        event.stopPropagation();
        if (before) putBack(before);
        before = null;
        latest.current(answer.text);
      }
    };
    window.addEventListener('keydown', onKey, { capture: true });
    setHears(true);
    return () => {
      window.removeEventListener('keydown', onKey, { capture: true });
      setHears(false);
    };
  }, [listening]);
  return hears;
}

const modifiers = new Set(['Shift', 'Control', 'Alt', 'AltGraph', 'CapsLock']);

const fieldOf = (target: EventTarget | null) =>
  target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement ? target : null;

/** Sets a controlled field's value as typing does, so that its owner hears of it. */
function putBack({ field, value }: Before): void {
  const prototype = field instanceof HTMLInputElement ? HTMLInputElement.prototype : HTMLTextAreaElement.prototype;
  Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(field, value);
  field.dispatchEvent(new Event('input', { bubbles: true }));
}
