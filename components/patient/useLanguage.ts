'use client';

import { useSyncExternalStore } from 'react';
import type { Language } from '#fhir/sentence/language.ts';
import { languages } from '#fhir/sentence/language.ts';
import { preferredLanguage } from './spoken.ts';

const key = 'medloom.instructions.language';
const listeners = new Set<() => void>();

function read(): Language {
  const kept = window.localStorage.getItem(key);
  return languages.find((language) => language === kept) ?? preferredLanguage(navigator.languages);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('storage', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('storage', listener);
  };
}

/** The language in which this browser's reader wants instructions; kept in the browser. */
export function useLanguage(): [Language, (language: Language) => void] {
  const language = useSyncExternalStore(subscribe, read, (): Language => 'en');
  const choose = (next: Language) => {
    window.localStorage.setItem(key, next);
    for (const listener of listeners) listener();
  };
  return [language, choose];
}
