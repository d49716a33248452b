'use client';

import { useSyncExternalStore } from 'react';
import { z } from 'zod';

/**
 * Which prescriptions this browser reminds of, since when, and which dose was ticked last. No medicine and no name: the page adds
 * them while the person's keys are open.
 */
const kept = z.record(z.string(), z.object({ since: z.iso.datetime(), ticked: z.iso.datetime().optional() }));
export type Reminders = z.infer<typeof kept>;

const key = 'medloom.reminders';
const none: Reminders = {};
const listeners = new Set<() => void>();
let cached: { text: string | null; reminders: Reminders } = { text: null, reminders: none };

/** What cannot be read any more reminds of nothing. */
function parse(text: string | null): Reminders {
  if (text === null) return none;
  try {
    return kept.parse(JSON.parse(text));
  } catch {
    return none;
  }
}

function read(): Reminders {
  const text = window.localStorage.getItem(key);
  if (cached.text !== text) cached = { text, reminders: parse(text) };
  return cached.reminders;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('storage', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('storage', listener);
  };
}

function write(reminders: Reminders): void {
  window.localStorage.setItem(key, JSON.stringify(reminders));
  for (const listener of listeners) listener();
}

/** Reminders of this browser. */
export function useReminders() {
  const reminders = useSyncExternalStore(subscribe, read, () => none);
  return {
    reminders,
    begin: (id: string) => write({ ...read(), [id]: { since: new Date().toISOString() } }),
    end: (id: string) => {
      const { [id]: _, ...others } = read();
      write(others);
    },
    tick: (id: string, dose: Date) => {
      const known = read()[id];
      if (known) write({ ...read(), [id]: { ...known, ticked: dose.toISOString() } });
    },
  };
}
