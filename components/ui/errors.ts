import { t } from '#messages/en.ts';

/** An error as a screen shows it: what happened, what was kept, what to do next. */
export interface Problem {
  code: string;
  message: string;
  kept?: string;
  next?: string;
}

/** The catalogue's words for a problem; a code that it does not know keeps the words that came with it. */
export function wordsFor(problem: Problem): { title: string; kept?: string; next?: string } {
  const known = t.errors.texts[problem.code];
  return {
    title: known?.title ?? problem.message,
    ...(problem.kept && { kept: problem.kept }),
    ...((known?.next ?? problem.next) && { next: known?.next ?? problem.next }),
  };
}

/** Makes a problem of whatever was thrown in the page. */
export function problemOf(thrown: unknown, code = 'INTERNAL'): Problem {
  if (isRejection(thrown)) return { code: 'REJECTED', message: '' };
  if (typeof thrown === 'object' && thrown !== null && 'code' in thrown && typeof thrown.code === 'string') {
    const text = (name: 'message' | 'kept' | 'next') => {
      const value: unknown = Reflect.get(thrown, name);
      return typeof value === 'string' ? value : undefined;
    };
    return { code: thrown.code, message: text('message') ?? '', kept: text('kept'), next: text('next') };
  }
  if (thrown instanceof TypeError && /fetch|network/i.test(thrown.message)) return { code: 'OFFLINE', message: '' };
  return { code, message: thrown instanceof Error ? thrown.message : '' };
}

/** True where the person declined in the wallet (EIP-1193 code 4001), however deep the error was wrapped. */
export function isRejection(thrown: unknown): boolean {
  for (let error = thrown; typeof error === 'object' && error !== null; error = Reflect.get(error, 'cause')) {
    if (Reflect.get(error, 'code') === 4001) return true;
  }
  return false;
}
