import {
  type Address,
  BaseError,
  ContractFunctionExecutionError,
  ContractFunctionRevertedError,
  decodeFunctionData,
  type Hex,
  hashTypedData,
  keccak256,
  type PublicClient,
  parseAbiItem,
  RpcRequestError,
  recoverAddress,
  toHex,
} from 'viem';
import { prescriptionTokenAbi } from '#contracts/abi/prescriptionToken.ts';
import { attestationTypes, tokenDomain } from '#contracts/typedData.ts';
import { type Disclosure, type OpenedDisclosure, openDisclosure } from '#crypto/commitment/disclosure.ts';

/** The chain that a reader asks, by a node of the reader's choice, and the token's contract on it. */
export interface VerifyChain {
  client: Pick<PublicClient, 'readContract' | 'getLogs' | 'getTransaction' | 'getChainId'>;
  token: Address;
}

export const stateNames = ['active', 'partial', 'dispensed', 'cancelled'] as const;

/** What the chain says of a token. Times in Unix seconds. */
export interface TokenOnChain {
  tokenId: bigint;
  issuer: Address;
  commitment: Hex;
  expires: number;
  state: (typeof stateNames)[number];
  version: number;
  licence: { hash: Hex; validFrom: number; validTo: number };
  /** Whether the issuer had the prescriber role at the block of the issue; undefined where the node has no such history. */
  roleAtIssue?: boolean;
  /** Block of the issue; undefined where the node does not look that far back. */
  issuedInBlock?: bigint;
  /** Notaries whose signatures carried the newest state; undefined as before, empty where nothing was attested yet. */
  attestedBy?: Address[];
}

/** What came of it: `genuine` only where everything that is shown opens the token's own commitment. */
export type Verified =
  | { outcome: 'absent'; tokenId: bigint }
  | { outcome: 'forged'; token: TokenOnChain; opened: OpenedDisclosure }
  | { outcome: 'genuine'; token: TokenOnChain; opened: OpenedDisclosure }
  /** A token's number alone: the chain knows it, and nothing was shown that it could be about. */
  | { outcome: 'known'; token: TokenOnChain };

const minted = parseAbiItem(
  'event PrescriptionMinted(uint256 indexed tokenId, address indexed issuer, uint256 indexed licence, bytes32 commitment, uint64 expires)',
);
const recorded = parseAbiItem(
  'event PrescriptionStateRecorded(uint256 indexed tokenId, uint8 indexed state, uint64 version, bytes32 channel, bytes32 blockHash)',
);
const roleOf = (name: string) => keccak256(toHex(name));

/**
 * Checks what somebody is shown of a prescription against the public chain, in the reader's own browser: nothing of what is shown
 * leaves it. Throws what keeps the chain from being asked; what is no disclosure throws `DISCLOSURE_MALFORMED`.
 */
export async function verifyDisclosure(shown: Disclosure | { tokenId: bigint }, chain: VerifyChain): Promise<Verified> {
  const opened = 'tree' in shown ? openDisclosure(shown) : undefined;
  const tokenId = 'tree' in shown ? (opened?.tokenId ?? 0n) : shown.tokenId;
  const token = await readToken(tokenId, chain);
  if (token === undefined) return { outcome: 'absent', tokenId };
  if (opened === undefined) return { outcome: 'known', token };
  return { outcome: opened.commitment === token.commitment ? 'genuine' : 'forged', token, opened };
}

/** The same, with the milliseconds that it took. */
export async function verifyTimed(shown: Disclosure, chain: VerifyChain): Promise<Verified & { ms: number }> {
  const began = performance.now();
  const verified = await verifyDisclosure(shown, chain);
  return { ...verified, ms: performance.now() - began };
}

async function readToken(tokenId: bigint, chain: VerifyChain): Promise<TokenOnChain | undefined> {
  const contract = { address: chain.token, abi: prescriptionTokenAbi } as const;
  try {
    const [kept, licence, history] = await Promise.all([
      chain.client.readContract({ ...contract, functionName: 'prescriptionOf', args: [tokenId] }),
      chain.client.readContract({ ...contract, functionName: 'licenceOf', args: [tokenId] }),
      readHistory(tokenId, chain),
    ]);
    return {
      ...{ tokenId, issuer: kept.issuer, commitment: kept.commitment, version: Number(kept.version) },
      expires: Number(kept.expires),
      state: stateNames[kept.state] ?? 'active',
      licence: { hash: licence.licenceHash, validFrom: licence.validFrom, validTo: licence.validTo },
      ...history,
    };
  } catch (error) {
    const reverted =
      error instanceof ContractFunctionExecutionError &&
      error.walk((cause) => cause instanceof ContractFunctionRevertedError) !== null;
    if (reverted) return undefined;
    throw error;
  }
}

type History = Pick<TokenOnChain, 'roleAtIssue' | 'issuedInBlock' | 'attestedBy'>;

/** What only the chain's past says. A node that has none keeps it open: the contract asked for role and licence itself. */
async function readHistory(tokenId: bigint, chain: VerifyChain): Promise<History> {
  const range = { address: chain.token, fromBlock: 'earliest', toBlock: 'latest' } as const;
  try {
    const [[issue], states] = await Promise.all([
      chain.client.getLogs({ ...range, event: minted, args: { tokenId } }),
      chain.client.getLogs({ ...range, event: recorded, args: { tokenId } }),
    ]);
    if (issue?.args.issuer === undefined) return {};
    const [roleAtIssue, attestedBy] = await Promise.all([
      chain.client.readContract({
        ...{ address: chain.token, abi: prescriptionTokenAbi, functionName: 'hasRole' },
        args: [roleOf('PRESCRIBER_ROLE'), issue.args.issuer],
        blockNumber: issue.blockNumber,
      }),
      signersOf(tokenId, states.at(-1)?.transactionHash, chain),
    ]);
    return { roleAtIssue, issuedInBlock: issue.blockNumber, attestedBy };
  } catch (error) {
    // The node's own answer that it cannot say; a node that is away, or a call that is not passed on, is no answer.
    if (error instanceof BaseError && error.walk((cause) => cause instanceof RpcRequestError) !== null) return {};
    throw error;
  }
}

/** Whose signatures a recording transaction carried for a token. */
async function signersOf(tokenId: bigint, hash: Hex | undefined, chain: VerifyChain): Promise<Address[]> {
  if (hash === undefined) return [];
  const [{ input }, chainId] = await Promise.all([chain.client.getTransaction({ hash }), chain.client.getChainId()]);
  const call = decodeFunctionData({ abi: prescriptionTokenAbi, data: input });
  const pairs =
    call.functionName === 'recordState'
      ? [{ message: call.args[0], signatures: call.args[1] }]
      : call.functionName === 'recordStates'
        ? call.args[0].map((message, at) => ({ message, signatures: call.args[1][at] ?? [] }))
        : [];
  const own = pairs.find(({ message }) => message.tokenId === tokenId);
  if (own === undefined) return [];
  const domain = tokenDomain(chainId, chain.token);
  const digest = hashTypedData({
    domain,
    types: attestationTypes,
    primaryType: 'Attestation',
    message: own.message,
  });
  return Promise.all(own.signatures.map((signature) => recoverAddress({ hash: digest, signature })));
}
