import { Context, Contract } from 'fabric-contract-api';
import { LedgerError } from '../model/errors.ts';

/** Base of the contracts: answers an unknown function with a code. */
export class LedgerContract extends Contract {
  override async unknownTransaction(_ctx: Context): Promise<void> {
    throw new LedgerError('INVALID_ARGUMENT', 'there is no such function');
  }
}
