import type { z } from 'zod';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { decodeProposal, isSameCertificate } from '../gateways/ledger/offline.ts';
import { isSignedBy } from '../gateways/ledger/signer.ts';
import type { Actor } from '../people/schema.ts';
import { allowReading } from './policy.ts';
import { ledgerCall, type PreparedRead, type ReadIntent, type ReadKind, readings, type signedRead } from './schema.ts';
import { bytesOf, identityOf, text } from './service.ts';

const isReading = (name: string): name is ReadKind => Object.hasOwn(readings, name);

/** Builds the proposal of a reading that only the actor's own key may ask for. */
export async function prepareRead(
  actor: Actor,
  intent: ReadIntent,
  portal: Portal = thePortal(),
): Promise<PreparedRead> {
  allowReading(actor, intent.kind);
  const call = ledgerCall(intent);
  if ('ids' in intent && intent.ids.some((id) => portal.ledger.careChannelOf(id) !== call.channel)) {
    throw new AppError('INVALID_INPUT', 'ids of several channels');
  }
  const { proposal } = portal.ledger.prepare(await identityOf(portal, actor), call);
  return { proposal: text(proposal) };
}

/** Asks a reading that the actor has signed. The answer passes through and is kept nowhere. */
export async function evaluateRead(
  actor: Actor,
  input: z.output<typeof signedRead>,
  portal: Portal = thePortal(),
): Promise<{ result: string }> {
  const person = await identityOf(portal, actor);
  const proposal = bytesOf(input.proposal);
  const decoded = decodeProposal(proposal);
  const kind = isReading(decoded.function) ? decoded.function : undefined;
  const own = decoded.mspId === person.mspId && isSameCertificate(decoded.certificatePem, person.certificatePem);
  if (kind === undefined || decoded.contract !== readings[kind].contract || !own) {
    throw new AppError('PROPOSAL_MISMATCH', `${decoded.contract}.${decoded.function}`);
  }
  allowReading(actor, kind);
  const signature = bytesOf(input.proposalSignature);
  if (!isSignedBy(person.certificatePem, decoded.signedBytes, signature))
    throw new AppError('SIGNATURE_INVALID', 'reading');
  return { result: text(await portal.ledger.evaluateSigned(person, decoded.channel, proposal, signature)) };
}
