import { hashTypedData, keccak256, toHex } from 'viem';
import { prescriptionTokenAbi } from '#contracts/abi/prescriptionToken.ts';
import { attestationTypes, type TokenDomain, tokenDomain } from '#contracts/typedData.ts';
import { fromHex } from '#crypto/bytes.ts';
import { CryptoError } from '#crypto/errors.ts';
import { signerOf } from '#crypto/ethereumSignature.ts';
import { tokenIdOf } from '#crypto/token.ts';
import { ConnectorError } from '../errors.ts';
import { openChain, type TokenAccess } from '../ethereum/chain.ts';
import { careChannelOf } from '../registrar/recordKeys.ts';
import { agree } from './agree.ts';
import { type Appointed, unusable } from './appointed.ts';
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
 * a quarter of an hour. What the contract would not take is not passed on, since it refuses all that comes with it: another
 * prescription or deadline, a signature that does not fit, an account that it does not know.
 */
export async function attest(
  notaries: readonly Notary[],
  terms: TokenTerms,
  appointed: Appointed,
  prescriptionId: string,
  now = () => Date.now(),
): Promise<AttestationAnswer> {
  const channel = careChannelOf(prescriptionId);
  const deadline = BigInt(Math.floor(now() / 1000) + lifetimeSeconds);
  const asked = { tokenId: tokenIdOf(prescriptionId), channel: keccak256(toHex(channel)), deadline };
  const ask = async (notary: Notary): Promise<SignedAttestation> => {
    const said = await notary.attest(channel, prescriptionId, terms.domain, deadline);
    const { attestation } = said;
    if (attestation.tokenId !== asked.tokenId || attestation.channel !== asked.channel) throw unusable(notary);
    if (attestation.deadline !== asked.deadline) throw unusable(notary);
    if (!isSigned(said, terms.domain) || !(await appointed(said.notary))) throw unusable(notary);
    return said;
  };
  const agreed = await agree(notaries, terms.threshold, {
    ask,
    keyOf: ({ attestation: { state, version, blockHash } }) => `${version} ${state} ${blockHash.toLowerCase()}`,
    signerOf: ({ notary }) => notary.toLowerCase(),
    versionOf: ({ attestation }) => Number(attestation.version),
  });
  return answerOf(agreed);
}

/** Whether it is signed by the account that it names. */
function isSigned({ attestation, notary, signature }: SignedAttestation, domain: TokenDomain): boolean {
  const digest = hashTypedData({
    domain: tokenDomain(domain.chainId, domain.verifyingContract),
    types: attestationTypes,
    primaryType: 'Attestation',
    message: attestation,
  });
  try {
    return signerOf(fromHex(digest.slice(2)), signature) === notary.toLowerCase();
  } catch (error) {
    if (error instanceof CryptoError) return false;
    throw error;
  }
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
