import { AppError } from '#server/errors.ts';
import type { Portal } from '#server/portal.ts';
import { noteTokenState } from '../prescriptions/readModel.ts';
import { type Saga, setStep } from './store.ts';

/** True when the token already carries this version or a later one, or has ended. */
function isRecorded(token: { version: number; state: string }, version: number): boolean {
  return token.version >= version || token.state === 'dispensed' || token.state === 'cancelled';
}

/**
 * Brings the notaries' word on the ledger's state to the token. Doing it twice changes nothing. Throws NOT_FOUND while the
 * token is not minted, CONNECTOR_UNAVAILABLE, ETHEREUM_UNAVAILABLE: then it has to wait.
 */
export async function attest(portal: Portal, saga: Saga): Promise<void> {
  const { ethereum, db } = portal;
  const { id, subject } = saga.row;
  const tokenId = ethereum.tokenIdOf(subject);
  const before = await ethereum.readToken(tokenId);
  if (before === undefined) throw new AppError('NOT_FOUND', 'the token is not minted yet');
  const { attestation, signatures } = await portal.connector.attest(subject);
  const version = Number(attestation.version);
  if (BigInt(attestation.tokenId) !== BigInt(tokenId)) throw new AppError('CONNECTOR_REFUSED', 'attests another token');
  let proof: string | undefined;
  if (!isRecorded(before, version)) {
    const { channel, blockHash, state, deadline } = attestation;
    const bytes = signatures.map(({ signature }) => signature);
    try {
      const recorded = await ethereum.recordState(
        { tokenId, channel, blockHash, state, version, deadline: Number(deadline) },
        bytes,
      );
      proof = recorded.transactionHash;
    } catch (error) {
      // Another process may have brought the same word first.
      const after = await ethereum.readToken(tokenId);
      if (after === undefined || !isRecorded(after, version)) throw error;
    }
  }
  const token = await ethereum.readToken(tokenId);
  if (token !== undefined) await noteTokenState(db, subject, token);
  await setStep(db, id, 'attest', 'done', { proof: proof ?? `version ${version}` });
}
