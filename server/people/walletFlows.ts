import { z } from 'zod';
import { AppError } from '#server/errors.ts';
import type { Portal } from '#server/portal.ts';
import { readStanding } from '../prescriptions/ledger.ts';
import type { Saga } from '../sagas/store.ts';
import { personOfAddress } from '../session/wallet.ts';
import type { Handler, Handlers } from '../transactions/handler.ts';
import type { WalletIntent } from './kinds.ts';
import { type Actor, staffRoles } from './schema.ts';

const kept = z.object({ subject: z.string(), address: z.string() });

/** True when the person's entry on `registry` already shows what a flow about a wallet wanted to do. */
export async function registryShows(portal: Portal, saga: Saga): Promise<boolean> {
  const { subject, address } = kept.parse(saga.row.intent);
  const { practitioner } = await readStanding(portal.ledger, subject);
  const linked = practitioner.keys?.linkedWallets?.includes(address) === true;
  return linked === (saga.row.kind === 'linkWallet');
}

/** A person changes the own entry only, and links only a wallet that has proved by its signature to be the person's. */
async function check(portal: Portal, actor: Actor, { kind, subject, address }: WalletIntent): Promise<void> {
  if (subject !== actor.subjectId) throw new AppError('FORBIDDEN', `${actor.subjectId} is not ${subject}`);
  if (kind === 'linkWallet' && (await personOfAddress(portal, address)) !== actor.personId) {
    throw new AppError('SIGNATURE_INVALID', 'the wallet has not signed', {
      message: 'The wallet has not signed that it is yours.',
      next: 'Link the wallet on the page of your keys.',
    });
  }
  const { keys } = (await readStanding(portal.ledger, subject)).practitioner;
  if (keys === undefined) throw new AppError('NOT_ENROLLED', subject);
  const recorded = address === keys.wallet || keys.linkedWallets?.includes(address) === true;
  if (kind === 'linkWallet' && recorded) throw new AppError('ALREADY_EXISTS', 'linked');
  if (kind === 'unlinkWallet' && keys.linkedWallets?.includes(address) !== true) {
    throw new AppError('NOT_FOUND', 'not linked');
  }
}

const handler: Handler<WalletIntent> = { roles: staffRoles, check, shows: registryShows };

export const walletHandlers: Handlers<WalletIntent> = { linkWallet: handler, unlinkWallet: handler };
