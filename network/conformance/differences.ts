import { it } from 'vitest';
import { ledgerName } from './ledgers/variable.ts';

/** A check of what the devnet does otherwise; each has its reason in docs/conformance.md. */
export const unlikeDevnet = it.skipIf(ledgerName() === 'devnet');
