import type { Context } from 'fabric-contract-api';
import { parseValue } from '../../ledger/arguments.ts';
import { LedgerError } from '../../model/errors.ts';
import { walletAddress } from '../../model/shapes/keys.ts';
import { requireOwner } from './keys.ts';
import { claimWallet, putPractitioner } from './storage.ts';
import { withoutWallet, withWallet } from './walletList.ts';

/** Records a further wallet of the caller. That the caller controls it is proved to the portal, not to the ledger. */
export async function linkWallet(ctx: Context, at: Date, id: string, address: string): Promise<void> {
  const { practitioner, keys } = await requireOwner(ctx, id);
  const linked = withWallet(keys, parseValue(walletAddress, address, 'address'));
  if (!(await claimWallet(ctx, address, id))) {
    throw new LedgerError('ALREADY_EXISTS', 'this wallet is or was somebody else’s');
  }
  await putPractitioner(ctx, { ...practitioner, keys: linked, version: practitioner.version + 1 }, 'linkWallet', at);
}

/** Takes a linked wallet of the caller off the list; what it minted before stays valid. */
export async function unlinkWallet(ctx: Context, at: Date, id: string, address: string): Promise<void> {
  const { practitioner, keys } = await requireOwner(ctx, id);
  const left = withoutWallet(keys, parseValue(walletAddress, address, 'address'));
  await putPractitioner(ctx, { ...practitioner, keys: left, version: practitioner.version + 1 }, 'unlinkWallet', at);
}
