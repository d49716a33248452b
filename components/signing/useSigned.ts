'use client';

import { use } from 'react';
import type { Signed } from './createSigned.ts';
import { SigningContext } from './SigningProvider.tsx';

/**
 * The way to have anything signed: shows in words what it is, asks for the second factor where the ledger demands one,
 * and has it recorded. The function stays the same while the portal's frame does.
 */
export function useSigned(): Signed {
  const signed = use(SigningContext);
  if (signed === null) throw new Error('useSigned needs the portal’s frame around it');
  return signed;
}
