import type { CircleEpoch } from '#chaincode/model/circle.ts';
import type { TransactionIntent } from '#server/transactions/schema.ts';
import type { CircleChange, CircleStanding } from './circleOperations.ts';
import type { CircleSource } from './circleState.ts';
import type { VaultClient } from './client.ts';
import type { OutgoingBlock } from './documentOperations.ts';
import { VaultError } from './errors.ts';

/** What entering a circle asks of the ledger and the portal. */
export interface CirclePort {
  /** The circle as it is now, without the epochs before. */
  read(patient: string): Promise<CircleSource>;
  /** Some epochs of a generation from one on, in their order. */
  readEpochs(patient: string, generation: number, from: number): Promise<CircleEpoch[]>;
  putBlock(patient: string, block: OutgoingBlock): Promise<void>;
  /** Has an intent signed and recorded. */
  record(intent: TransactionIntent): Promise<unknown>;
}

/** So many others may be quicker before it is given up. */
const attempts = 6;

/** Somebody else's change came first: the next attempt follows it. */
const overtaken = new Set(['STALE_KEY', 'ALREADY_EXISTS', 'LEDGER_CONFLICT']);

/** One tab of this browser at a time: they are the same leaf. */
function alone<T>(patient: string, work: () => Promise<T>): Promise<T> {
  const locks = globalThis.navigator?.locks;
  return locks === undefined ? work() : locks.request(`medloom-circle/${patient}`, work);
}

/** Has a change recorded. False where another came first; then it is given up. */
async function settle(
  vault: Pick<VaultClient, 'call'>,
  port: CirclePort,
  { commit, block }: CircleChange,
): Promise<boolean> {
  const { patient } = commit;
  try {
    await port.putBlock(patient, block);
    await port.record({ kind: 'circles:commit', commit });
  } catch (error) {
    // Unless the ledger has refused it, it may have been taken: what is kept waits, and the next entering finds out.
    if (!(error instanceof VaultError) || !overtaken.has(error.code)) throw error;
    await vault.call('circleSettle', { patient, taken: false });
    return false;
  }
  await vault.call('circleSettle', { patient, taken: true });
  return true;
}

/**
 * Takes this browser into a patient's circle, or up to its present epoch; with `begin`, an owner begins it where there is none,
 * and with `restart`, anew where it is stuck.
 * Throws what the ledger and the vault throw, and `CONFLICT` where others were quicker each time.
 */
export function enterCircle(
  vault: Pick<VaultClient, 'call'>,
  port: CirclePort,
  patient: string,
  { begin = false, restart = false }: { begin?: boolean; restart?: boolean } = {},
): Promise<Entered> {
  return alone(patient, async () => {
    for (let attempt = 0; attempt < attempts; ) {
      const source = await port.read(patient);
      if (source.circle === null && !begin) return { state: 'none', source };
      let entered = await vault.call('circleEnter', { ...source, restart });
      while (entered.state === 'behind') {
        const epochs = await port.readEpochs(patient, entered.generation, entered.from);
        if (epochs.length === 0) throw new VaultError('INTERNAL', 'The ledger does not tell how the circle came here.');
        entered = await vault.call('circleEnter', { ...source, epochs, restart });
      }
      if (entered.state !== 'commit') return { ...entered, source };
      await settle(vault, port, entered);
      attempt += 1;
    }
    throw new VaultError('CONFLICT', 'Others changed the circle at the same time.');
  });
}

/** Where this browser stands, and by what that was judged. */
export type Entered = Exclude<CircleStanding, { state: 'behind' }> & { source: CircleSource };

/**
 * Gives a circle that this browser is in a key without those who may not be there any more. False where nobody had to go, or
 * somebody else was quicker.
 */
export function removeUnfit(vault: Pick<VaultClient, 'call'>, port: CirclePort, patient: string): Promise<boolean> {
  return alone(patient, async () => {
    const change = await vault.call('circleCommitRemoval', await port.read(patient));
    return change !== null && (await settle(vault, port, change));
  });
}
