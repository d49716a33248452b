import type { Prescription } from '#chaincode/model/prescription.ts';
import { blockOf, envelopeOf } from '#crypto/fabric/testBlocks.ts';
import type { BlockLedger, LedgerCall } from '../ledger/connection.ts';

/** When the fake peer says that a version was committed. */
export const committedAt = (version: number) => new Date(Date.UTC(2026, 10, version)).toISOString();

/**
 * A peer that answers one after another what it is given, each committed by a transaction of its own, alone or as all versions that
 * it has; the last answer stays.
 */
export function createFakePeer(
  ...answers: (Prescription | Prescription[] | Error)[]
): BlockLedger & { calls: LedgerCall[] } {
  const calls: LedgerCall[] = [];
  return {
    calls,
    evaluate: async (call) => {
      calls.push(call);
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (answer instanceof Error) throw answer;
      const entries = (Array.isArray(answer) ? answer : [answer]).map((prescription) => ({
        ...{ transactionId: `tx ${prescription?.version}`, at: committedAt(prescription?.version ?? 0), prescription },
      }));
      return JSON.stringify(entries);
    },
    evaluateBytes: async (call) => {
      calls.push(call);
      const transactionId = call.args[1] ?? '';
      return blockOf(Number(transactionId.slice(3)), new Uint8Array(32), [envelopeOf(transactionId, ['dispense'])]);
    },
  };
}
