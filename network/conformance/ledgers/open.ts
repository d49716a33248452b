import { Ledger } from '../ledger.ts';
import { readProfile } from '../profile.ts';
import { startDevnetLedger } from './devnet.ts';
import { startFabricLedger } from './fabric.ts';
import { ledgerName } from './variable.ts';

/** Starts the network that the environment names, or connects to it. */
export async function openLedger(): Promise<Ledger> {
  const name = ledgerName();
  if (name === 'devnet') return startDevnetLedger();
  if (name === 'fabric') return startFabricLedger();
  return new Ledger(readProfile(name));
}
