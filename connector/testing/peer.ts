import type { Prescription } from '#chaincode/model/prescription.ts';
import { blockOf, envelopeOf } from '#crypto/fabric/testBlocks.ts';
import type { BlockLedger, LedgerCall } from '../ledger/connection.ts';

/** A peer that answers one after another what it is given, each committed by a transaction of its own; the last answer stays. */
export function createFakePeer(...answers: (Prescription | Error)[]): BlockLedger & { calls: LedgerCall[] } {
  const calls: LedgerCall[] = [];
  return {
    calls,
    evaluate: async (call) => {
      calls.push(call);
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (answer instanceof Error) throw answer;
      return JSON.stringify([{ transactionId: `tx ${answer?.version}`, at: '', prescription: answer }]);
    },
    evaluateBytes: async (call) => {
      calls.push(call);
      const transactionId = call.args[1] ?? '';
      return blockOf(Number(transactionId.slice(3)), new Uint8Array(32), [envelopeOf(transactionId, ['dispense'])]);
    },
  };
}
