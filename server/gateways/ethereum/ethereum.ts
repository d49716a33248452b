import { getAddress, Interface, id as keccakOfText, verifyTypedData } from 'ethers';
import { z } from 'zod';
import { type TokenState, tokenStates } from '#chaincode/model/token.ts';
import { prescriptionTokenAbi } from '#contracts/abi/prescriptionToken.ts';
import { issueTypes, tokenDomain } from '#contracts/typedData.ts';
import { AppError } from '#server/errors.ts';
import type { OutgoingStore } from './outgoing.ts';
import { refusalOf } from './refusal.ts';
import { openRpc, type Rpc, RpcRefusal } from './rpc.ts';
import { type Call, newSubmitter, type Patience } from './submitter.ts';

/** A token as the chain knows it; addresses in lower case. */
export interface Token {
  issuer: string;
  holder: string;
  commitment: string;
  /** Unix seconds. */
  expires: number;
  state: TokenState;
  version: number;
}

/** What a mined transaction minted. */
export interface Mint {
  tokenId: string;
  issuer: string;
  holder: string;
  commitment: string;
  expires: number;
}

export interface Attestation {
  tokenId: string;
  channel: string;
  blockHash: string;
  state: number;
  version: number;
  deadline: number;
}

/** What a prescriber's wallet signs, and anybody may bring. */
export interface Issue {
  tokenId: string;
  holder: string;
  commitment: string;
  /** Unix seconds. */
  expires: number;
  deadline: number;
}
export interface SignedAttestation {
  attestation: Attestation;
  signatures: string[];
}

/** The Ethereum chain with the prescription token. */
export interface EthereumGateway {
  /** Decimal token id of a prescription: keccak-256 of its id. */
  tokenIdOf(prescriptionId: string): string;
  /** Undefined where there is no token. Throws ETHEREUM_UNAVAILABLE. */
  readToken(tokenId: string, deadlineMs?: number): Promise<Token | undefined>;
  /** What a transaction did to mint a token; undefined while it is not mined. Throws MINT_INVALID where it did not. */
  readMint(transactionHash: string, tokenId: string, deadlineMs?: number): Promise<Mint | undefined>;
  /** Address, in lower case, of the wallet that signed an issue. Throws MINT_INVALID, ETHEREUM_UNAVAILABLE. */
  issuerOf(issue: Issue, signature: string): Promise<string>;
  /**
   * Waits until what was brought before has its outcome: before that, nothing else is sent. Throws ETHEREUM_UNAVAILABLE where it has
   * none yet; one that is stuck is replaced.
   */
  settle(): Promise<void>;
  /** Mints what wallets have signed, all or none, and waits until it is mined. Throws as `recordState`. */
  mintBatch(issues: { issue: Issue; signature: string }[]): Promise<{ transactionHash: string }>;
  /** Records attested states, all or none, and waits until they are mined. Throws as `recordState`. */
  recordStates(attested: SignedAttestation[]): Promise<{ transactionHash: string }>;
  /**
   * Records an attested state and waits until it is mined. Throws WRONG_STATE when the contract refuses it, TOO_LARGE when it needs
   * more gas than there is, and ETHEREUM_UNAVAILABLE for all else; what was sent by then is on its way.
   */
  recordState(attestation: Attestation, signatures: string[]): Promise<{ transactionHash: string }>;
  /** Sends a call of another contract, in turn with all else, and waits until it is mined. Throws as `recordState`. */
  submit(call: Call): Promise<{ transactionHash: string }>;
  /** Whether an account is a notary's: the portal must not have its key. */
  isNotary(account: string): Promise<boolean>;
  /** Passes a JSON-RPC call on as it is. */
  forward(method: string, params: unknown[]): Promise<unknown>;
  /** Number of the newest block. */
  blockNumber(deadlineMs?: number): Promise<number>;
}

const hexText = z.string().regex(/^0x[0-9a-fA-F]*$/);
const receiptShape = z.object({
  status: hexText,
  logs: z.array(z.object({ address: hexText, topics: z.array(hexText), data: hexText })),
});
const prescriptionShape = z.object({
  issuer: z.string(),
  holder: z.string(),
  commitment: z.string(),
  expires: z.bigint(),
  state: z.bigint(),
  version: z.bigint(),
});
const mintShape = z.object({
  to: z.string(),
  issuer: z.string(),
  commitment: z.string(),
  expires: z.bigint(),
});

const token = new Interface(prescriptionTokenAbi);
/** ethers asks for lists that may be written to. */
const issueFields = { Issue: [...issueTypes.Issue] };
/** A block comes every few seconds on any chain that is used; what waits for minutes has too low a fee. */
const patience: Patience = { minedWithinMs: 20_000, stuckMs: 180_000 };

export interface EthereumOptions {
  rpcUrl: string;
  tokenAddress: string;
  /** Pays for what is brought and has no other right. */
  submitterKey: string;
  /** Keeps what is on its way. */
  outgoing: OutgoingStore;
  patience?: Patience;
}

/** What a node refused in the server's codes; whatever else happened as it is. */
const asRefusal = (error: unknown) => (error instanceof RpcRefusal ? refusalOf(error) : error);

/** Opens the chain. */
export function openEthereum(options: EthereumOptions): EthereumGateway {
  const rpc: Rpc = openRpc(options.rpcUrl);
  const address = getAddress(options.tokenAddress);
  const submitter = newSubmitter(rpc, options.submitterKey, options.outgoing, options.patience ?? patience);

  const receiptOf = async (hash: string, deadlineMs?: number) => {
    const answer = await rpc('eth_getTransactionReceipt', [hash], deadlineMs);
    return answer === null ? undefined : receiptShape.parse(answer);
  };

  /** Sends a call and waits until it is mined. What the chain would refuse is not sent. */
  const submit = async (call: Call): Promise<{ transactionHash: string }> => {
    try {
      const { transactionHash, reverted } = await submitter.send(call);
      if (!reverted) return { transactionHash };
      // What the contract has against it, it says when it is asked again.
      await submitter.estimate(call);
      throw new AppError('ETHEREUM_UNAVAILABLE', `${transactionHash} was reverted, and would not be now`);
    } catch (error) {
      throw asRefusal(error);
    }
  };
  const bring = (name: string, args: unknown[]) => submit({ to: address, data: token.encodeFunctionData(name, args) });
  let chainId: number | undefined;

  return {
    tokenIdOf: (prescriptionId) => BigInt(keccakOfText(prescriptionId)).toString(),

    async readToken(tokenId, deadlineMs) {
      const data = token.encodeFunctionData('prescriptionOf', [BigInt(tokenId)]);
      try {
        const answer = hexText.parse(await rpc('eth_call', [{ to: address, data }, 'latest'], deadlineMs));
        const read = prescriptionShape.parse(token.decodeFunctionResult('prescriptionOf', answer)[0].toObject());
        return {
          issuer: read.issuer.toLowerCase(),
          holder: read.holder.toLowerCase(),
          commitment: read.commitment.toLowerCase(),
          expires: Number(read.expires),
          state: z.enum(tokenStates).parse(tokenStates[Number(read.state)]),
          version: Number(read.version),
        };
      } catch (error) {
        // Only the contract's own word is that there is none.
        const known = asRefusal(error);
        if (known instanceof AppError && known.code === 'WRONG_STATE') return undefined;
        if (known instanceof AppError) throw known;
        throw new AppError('ETHEREUM_UNAVAILABLE', 'the token contract answered something else', { cause: error });
      }
    },

    async readMint(transactionHash, tokenId, deadlineMs) {
      const receipt = await receiptOf(transactionHash, deadlineMs);
      if (receipt === undefined) return undefined;
      const events = receipt.logs
        .filter((entry) => entry.address.toLowerCase() === address.toLowerCase())
        .map((entry) => token.parseLog(entry))
        .filter((event) => event !== null && event.args.getValue('tokenId').toString() === tokenId);
      const named = (name: string) => events.find((event) => event?.name === name)?.args.toObject();
      const minted = mintShape.safeParse({ ...named('Transfer'), ...named('PrescriptionMinted') });
      if (BigInt(receipt.status) !== 1n || !minted.success)
        throw new AppError('MINT_INVALID', `${transactionHash} did not mint it`);
      const { to: holder, issuer, commitment, expires } = minted.data;
      return {
        tokenId,
        issuer: issuer.toLowerCase(),
        holder: holder.toLowerCase(),
        commitment: commitment.toLowerCase(),
        expires: Number(expires),
      };
    },

    async issuerOf(issue, signature) {
      chainId ??= Number(BigInt(hexText.parse(await rpc('eth_chainId', []))));
      try {
        return verifyTypedData(
          tokenDomain(chainId, `0x${address.slice(2)}`),
          issueFields,
          issue,
          signature,
        ).toLowerCase();
      } catch (cause) {
        throw new AppError('MINT_INVALID', 'no signature of it', { cause });
      }
    },

    settle: () =>
      submitter.settle().catch((error: unknown) => {
        throw asRefusal(error);
      }),

    mintBatch: (issues) =>
      bring('mintBatch', [issues.map(({ issue }) => issue), issues.map(({ signature }) => signature)]),

    recordState: (attestation, signatures) => bring('recordState', [attestation, signatures]),

    recordStates: (attested) =>
      bring('recordStates', [
        attested.map(({ attestation }) => attestation),
        attested.map(({ signatures }) => signatures),
      ]),

    submit,

    async isNotary(account) {
      const data = token.encodeFunctionData('hasRole', [keccakOfText('NOTARY_ROLE'), account]);
      return BigInt(hexText.parse(await rpc('eth_call', [{ to: address, data }, 'latest']))) === 1n;
    },

    forward: (method, params) => rpc(method, params, 10_000),

    blockNumber: async (deadlineMs) => Number(BigInt(hexText.parse(await rpc('eth_blockNumber', [], deadlineMs)))),
  };
}
