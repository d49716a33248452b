'use client';

import { createContext, type ReactNode, use } from 'react';
import type { Role } from '#server/people/schema.ts';
import type { Theme } from './theme.ts';

/** What the frame around every page knows about the signed-in person. */
export interface ShellPerson {
  personId: string;
  subjectId: string;
  mspId: string;
  name: string;
  role: Role;
  institutionId: string | null;
  institutionName: string | null;
  theme: Theme;
}

const Context = createContext<ShellPerson | null>(null);

export function ShellProvider({ person, children }: { person: ShellPerson; children: ReactNode }) {
  return <Context value={person}>{children}</Context>;
}

export function usePerson(): ShellPerson {
  const person = use(Context);
  if (!person) throw new Error('usePerson needs the portal’s frame around it');
  return person;
}
