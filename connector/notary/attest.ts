import { prescriptionTokenAbi } from '#contracts/abi/prescriptionToken.ts';
import type { TokenDomain } from '#contracts/typedData.ts';
import { ConnectorError } from '../errors.ts';
import { openChain, type TokenAccess } from '../ethereum/chain.ts';
import { careChannelOf } from '../registrar/recordKeys.ts';
import { agree } from './agree.ts';
import type { Notary, SignedAttestation } from './notary.ts';

/** How long an attestation can be used; a saga that needs longer asks for a new one. */
const lifetimeSeconds = 15 * 60;

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
 * Asks every notary of the prescription's channel, as `agree`, and answers the newest statement that enough of them make, signed for
 * a quarter of an hour.
 */
export async function attest(
  notaries: readonly Notary[],
  terms: TokenTerms,
  prescriptionId: string,
  now = () => Date.now(),
): Promise<AttestationAnswer> {
  const channel = careChannelOf(prescriptionId);
  const deadline = BigInt(Math.floor(now() / 1000) + lifetimeSeconds);
  const agreed = await agree(notaries, terms.threshold, {
    ask: (notary) => notary.attest(channel, prescriptionId, terms.domain, deadline),
    keyOf: ({ attestation: { channel, state, version, blockHash } }) => `${channel} ${version} ${state} ${blockHash}`,
    versionOf: ({ attestation }) => Number(attestation.version),
  });
  return answerOf(agreed);
}

function answerOf(agreed: [SignedAttestation, ...SignedAttestation[]]): AttestationAnswer {
  const [first] = agreed;
  const { tokenId, channel, blockHash, state, version, deadline } = first.attestation;
  return {
    attestation: {
      ...{ tokenId: tokenId.toString(), channel, blockHash, state },
      ...{ version: Number(version), deadline: Number(deadline) },
    },
    signatures: agreed.map(({ notary, signature }) => ({ notary, signature })),
  };
}
