/** What names the ledger under test: `devnet`, `fabric`, or the file of a profile. */
export const ledgerVariable = 'CONFORMANCE_LEDGER';

/** The ledger under test; the devnet where nothing else is asked for. */
export function ledgerName(): string {
  return process.env[ledgerVariable] ?? 'devnet';
}
