import {
  type Address,
  BaseError,
  ContractFunctionRevertedError,
  decodeFunctionData,
  type Hex,
  hashTypedData,
  isAddressEqual,
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
  roleAtIssue: boolean | undefined;
  /** Block of the issue; undefined where the node does not look that far back. */
  issuedInBlock: bigint | undefined;
  /** Notaries whose signatures carried this version; empty where nothing was attested yet, undefined where the node does not say. */
  attestedBy: Address[] | undefined;
}

/** What came of it: `genuine` only where everything that is shown opens the token's own commitment. */
export type Verified =
  | { outcome: 'absent'; tokenId: bigint }
  | { outcome: 'forged'; token: TokenOnChain; opened: OpenedDisclosure }
  /** The node says that the issuer had no role: then it is not the contract that it should be, or the node answers falsely. */
  | { outcome: 'unentitled'; token: TokenOnChain }
  | { outcome: 'genuine'; token: TokenOnChain; opened: OpenedDisclosure }
  /** A token's number alone: the chain knows it, and nothing was shown that it could be about. */
  | { outcome: 'known'; token: TokenOnChain };

const minted = parseAbiItem(
  'event PrescriptionMinted(uint256 indexed tokenId, address indexed issuer, uint256 indexed licence, bytes32 commitment, uint64 expires)',
);
const recorded = parseAbiItem(
  'event PrescriptionStateRecorded(uint256 indexed tokenId, uint8 indexed state, uint64 version, bytes32 channel, bytes32 blockHash)',
);
const prescriberRole = keccak256(toHex('PRESCRIBER_ROLE'));

/**
 * Checks what somebody is shown of a prescription against the public chain, in the reader's own browser: nothing of what is shown
 * leaves it. Throws what keeps the chain from being asked; what is no disclosure throws `DISCLOSURE_MALFORMED`.
 */
export async function verifyDisclosure(shown: Disclosure | { tokenId: bigint }, chain: VerifyChain): Promise<Verified> {
  const opened = 'tree' in shown ? openDisclosure(shown) : undefined;
  const tokenId = 'tree' in shown ? (opened?.tokenId ?? 0n) : shown.tokenId;
  const token = await readToken(tokenId, chain);
  if (token === undefined) return { outcome: 'absent', tokenId };
  if (opened !== undefined && opened.commitment !== token.commitment) return { outcome: 'forged', token, opened };
  if (token.roleAtIssue === false) return { outcome: 'unentitled', token };
  return opened === undefined ? { outcome: 'known', token } : { outcome: 'genuine', token, opened };
}

async function readToken(tokenId: bigint, chain: VerifyChain): Promise<TokenOnChain | undefined> {
  const contract = { address: chain.token, abi: prescriptionTokenAbi } as const;
  try {
    const [kept, licence, { roleAtIssue, issuedInBlock, attested }] = await Promise.all([
      chain.client.readContract({ ...contract, functionName: 'prescriptionOf', args: [tokenId] }),
      chain.client.readContract({ ...contract, functionName: 'licenceOf', args: [tokenId] }),
      readHistory(tokenId, chain),
    ]);
    const state = stateNames[kept.state];
    if (state === undefined) throw new RangeError(`state ${kept.state}`);
    return {
      ...{ tokenId, issuer: kept.issuer, commitment: kept.commitment, version: Number(kept.version) },
      ...{ expires: Number(kept.expires), state },
      licence: { hash: licence.licenceHash, validFrom: licence.validFrom, validTo: licence.validTo },
      ...{ roleAtIssue, issuedInBlock },
      // Another version was recorded while this one was read.
      attestedBy: attested?.version === kept.version ? attested.by : undefined,
    };
  } catch (error) {
    if (isNoToken(error)) return undefined;
    throw error;
  }
}

/** The contract's own answer: a node's failure reads like a revert too, and is none. */
export function isNoToken(error: unknown): boolean {
  const reverted =
    error instanceof BaseError ? error.walk((cause) => cause instanceof ContractFunctionRevertedError) : null;
  return reverted instanceof ContractFunctionRevertedError && reverted.data?.errorName === 'ERC721NonexistentToken';
}

interface History {
  roleAtIssue?: boolean | undefined;
  issuedInBlock?: bigint;
  attested?: { version: bigint; by: Address[] | undefined };
}

/** What only the chain's past says. A node that has none keeps it open: the contract asked for role and licence itself. */
async function readHistory(tokenId: bigint, chain: VerifyChain): Promise<History> {
  const range = { address: chain.token, fromBlock: 'earliest', toBlock: 'latest' } as const;
  const found = await unlessRefused(
    Promise.all([
      chain.client.getLogs({ ...range, event: minted, args: { tokenId } }),
      chain.client.getLogs({ ...range, event: recorded, args: { tokenId } }),
    ]),
  );
  const [[issue] = [], states = []] = found ?? [];
  if (issue?.args.issuer === undefined) return {};
  const newest = states.at(-1);
  const [roleAtIssue, by] = await Promise.all([
    unlessRefused(hadRole(issue.args.issuer, issue.blockNumber, chain)),
    newest === undefined ? [] : unlessRefused(signersOf(tokenId, newest.args.version, newest.transactionHash, chain)),
  ]);
  const attested = { version: newest?.args.version ?? 0n, by };
  return { roleAtIssue, issuedInBlock: issue.blockNumber, attested };
}

/** Undefined where the node's own answer is that it cannot say; a node that is away, or a call that is not passed on, is no answer. */
async function unlessRefused<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof BaseError && error.walk((cause) => cause instanceof RpcRequestError) !== null)
      return undefined;
    throw error;
  }
}

/** At the block of the issue, or before it: the role may have been taken later in the same block. */
async function hadRole(issuer: Address, block: bigint, chain: VerifyChain): Promise<boolean> {
  const at = (blockNumber: bigint) =>
    chain.client.readContract({
      ...{ address: chain.token, abi: prescriptionTokenAbi, functionName: 'hasRole' },
      ...{ args: [prescriberRole, issuer], blockNumber },
    });
  return (await at(block)) || (block > 0n && (await at(block - 1n)));
}

/** Whose signatures a transaction carried for a version of a token; undefined where somebody's own contract passed them on. */
async function signersOf(
  tokenId: bigint,
  version: bigint | undefined,
  hash: Hex,
  chain: VerifyChain,
): Promise<Address[] | undefined> {
  const [{ to, input }, chainId] = await Promise.all([
    chain.client.getTransaction({ hash }),
    chain.client.getChainId(),
  ]);
  if (to === null || !isAddressEqual(to, chain.token)) return undefined;
  const call = decodeFunctionData({ abi: prescriptionTokenAbi, data: input });
  const pairs =
    call.functionName === 'recordState'
      ? [{ message: call.args[0], signatures: call.args[1] }]
      : call.functionName === 'recordStates'
        ? call.args[0].map((message, at) => ({ message, signatures: call.args[1][at] ?? [] }))
        : [];
  const own = pairs.find(({ message }) => message.tokenId === tokenId && message.version === version);
  if (own === undefined) return undefined;
  const domain = tokenDomain(chainId, chain.token);
  const digest = hashTypedData({
    domain,
    types: attestationTypes,
    primaryType: 'Attestation',
    message: own.message,
  });
  return Promise.all(own.signatures.map((signature) => recoverAddress({ hash: digest, signature })));
}
