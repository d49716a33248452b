import { parseLedgerError } from '#chaincode/model/errors.ts';
import type { Identity } from '#chaincode/testing/identity.ts';
import type { TestLedger } from '#chaincode/testing/ledger.ts';
import { ConnectorError } from '../errors.ts';
import type { LedgerCall, LedgerConnection } from '../ledger/connection.ts';

/** An officer's connection to the real contracts over state in memory, with the submissions that went through it. */
export interface ContractsConnection extends LedgerConnection {
  submitted: LedgerCall[];
}

export function connectTo(ledger: TestLedger, officer: Identity): ContractsConnection {
  const order = ({ channel, contract, function: name, args }: LedgerCall) => ({
    ...{ channel, contract, function: name, args, caller: officer },
  });
  const submitted: LedgerCall[] = [];
  return {
    submitted,
    evaluate: async (call) => (await refusedAs(ledger.endorse(order(call)))).result,
    submit: async (call) => {
      submitted.push(call);
      await refusedAs(ledger.submit(order(call)));
    },
    events: async () => {
      throw new Error('events come from no contract in memory');
    },
  };
}

/** A contract's refusal as the connection to a gateway would tell it. */
export async function refusedAs<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const refusal = error instanceof Error ? parseLedgerError(error.message) : undefined;
    if (refusal) throw new ConnectorError(refusal.code, refusal.detail, { cause: error });
    throw error;
  }
}
