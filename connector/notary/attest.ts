import { prescriptionTokenAbi } from '#contracts/abi/prescriptionToken.ts';
import type { TokenDomain } from '#contracts/typedData.ts';
import { ConnectorError } from '../errors.ts';
import { openChain, type TokenAccess } from '../ethereum/chain.ts';
import { careChannelOf } from '../registrar/recordKeys.ts';
import type { Notary, SignedAttestation } from './notary.ts';

/** How long an attestation can be used; a saga that needs longer asks for a new one. */
const lifetimeSeconds = 15 * 60;
/** Peers commit a block within moments of one another. */
const rounds = 10;
const pauseMs = 100;

export interface TokenTerms {
  domain: TokenDomain;
  /** Notaries that the contract asks for. */
  threshold: number;
}

/** Reads from the contract what an attestation must satisfy. ETHEREUM_UNAVAILABLE. */
export async function readTokenTerms(token: TokenAccess): Promise<TokenTerms> {
  try {
    const chain = await openChain(token.rpcUrl);
    const [chainId, threshold] = await Promise.all([
      chain.getChainId(),
      chain.readContract({ address: token.address, abi: prescriptionTokenAbi, functionName: 'notaryThreshold' }),
    ]);
    return { domain: { chainId, verifyingContract: token.address }, threshold: Number(threshold) };
  } catch (cause) {
    throw new ConnectorError('ETHEREUM_UNAVAILABLE', 'the token contract does not answer', { cause });
  }
}

/** Answer of `POST /attestations`: numbers of the contract as decimal strings where they may pass 2^53. */
export interface AttestationAnswer {
  attestation: {
    tokenId: string;
    channel: string;
    blockHash: string;
    state: number;
    version: number;
    deadline: number;
  };
  signatures: { notary: string; signature: string }[];
}

/**
 * Asks every notary of the prescription's channel what its own peer says, and answers the newest statement that enough
 * of them make. One that lags gets a second to catch up. Throws NOT_FOUND and other refusals of the ledger where no
 * notary can read, NOTARIES_DISAGREE where too few say the same.
 */
export async function attest(
  notaries: readonly Notary[],
  terms: TokenTerms,
  prescriptionId: string,
  now = () => Date.now(),
): Promise<AttestationAnswer> {
  const channel = careChannelOf(prescriptionId);
  const deadline = BigInt(Math.floor(now() / 1000) + lifetimeSeconds);
  for (let round = 1; ; round += 1) {
    const outcomes = await Promise.allSettled(
      notaries.map((notary) => notary.attest(channel, prescriptionId, terms.domain, deadline)),
    );
    const signed = outcomes.filter((outcome) => outcome.status === 'fulfilled').map(({ value }) => value);
    const agreed = newestAgreement(signed, terms.threshold);
    if (agreed) return answerOf(agreed);
    const failure = outcomes.find((outcome) => outcome.status === 'rejected');
    if (signed.length === 0 && failure) throw failure.reason;
    if (round === rounds) {
      const detail = `${signed.length} of ${notaries.length} notaries answered, ${terms.threshold} must agree`;
      throw new ConnectorError('NOTARIES_DISAGREE', detail, { cause: failure?.reason });
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

function newestAgreement(signed: SignedAttestation[], threshold: number): SignedAttestation[] | undefined {
  const statements = new Map<string, SignedAttestation[]>();
  for (const one of signed) {
    const { channel, state, version, blockHash } = one.attestation;
    const same = `${channel} ${version} ${state} ${blockHash}`;
    statements.set(same, [...(statements.get(same) ?? []), one]);
  }
  return [...statements.values()]
    .filter((group) => group.length >= threshold)
    .sort(([a], [b]) => Number((b?.attestation.version ?? 0n) - (a?.attestation.version ?? 0n)))[0];
}

function answerOf(agreed: SignedAttestation[]): AttestationAnswer {
  const [first] = agreed;
  if (!first) throw new ConnectorError('NOTARIES_DISAGREE', 'no notary answered');
  const { tokenId, channel, blockHash, state, version, deadline } = first.attestation;
  return {
    attestation: {
      ...{ tokenId: tokenId.toString(), channel, blockHash, state },
      ...{ version: Number(version), deadline: Number(deadline) },
    },
    signatures: agreed.map(({ notary, signature }) => ({ notary, signature })),
  };
}
