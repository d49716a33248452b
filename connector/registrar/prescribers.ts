import {
  type Account,
  type Address,
  type Chain,
  createWalletClient,
  type Hash,
  type Hex,
  http,
  keccak256,
  parseEther,
  type Transport,
  toHex,
  type WalletClient,
} from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { prescriptionTokenAbi } from '#contracts/abi/prescriptionToken.ts';
import { ConnectorError } from '../errors.ts';
import { openChain, type TokenAccess } from '../ethereum/chain.ts';
import { createQueue } from '../ethereum/queue.ts';
import type { ChainLicence } from './chainLicence.ts';

const prescriberRole = keccak256(toHex('PRESCRIBER_ROLE'));

/** Makes doctors' wallets able to mint. */
export interface Prescribers {
  /**
   * Licenses the wallet and fills the wallet up with gas, each only where it is missing. A wallet that has ever
   * sent anything is given no gas, so that nobody empties one and asks again. ETHEREUM_UNAVAILABLE.
   */
  admit(wallet: Address, licence: ChainLicence): Promise<void>;
  /**
   * Licenses the first wallets and takes the role from the second, each only where needed: a licence that was renewed is put on
   * the chain anew. ETHEREUM_UNAVAILABLE.
   */
  settle(granted: readonly Address[], revoked: readonly Address[], licence: ChainLicence): Promise<void>;
}

/** `key` is the registrar's account, which sends `inTurn`; `allowance` what a wallet is filled up to, in ether. */
export function createPrescribers(
  token: TokenAccess,
  key: Hex,
  allowance: string,
  inTurn = createQueue(),
): Prescribers {
  const account = privateKeyToAccount(key);
  const full = parseEther(allowance);
  const chain = remember(() => openChain(token.rpcUrl));

  const contract = { address: token.address, abi: prescriptionTokenAbi } as const;
  const hasRole = async (wallet: Address) =>
    (await chain()).readContract({ ...contract, functionName: 'hasRole', args: [prescriberRole, wallet] });

  /** Whether the chain has the role and this very licence for a wallet. */
  const isLicensed = async (wallet: Address, { hash, validTo }: ChainLicence) => {
    const [role, kept] = await Promise.all([
      hasRole(wallet),
      (await chain()).readContract({ ...contract, functionName: 'licenceOfPrescriber', args: [wallet] }),
    ]);
    return role && kept.licenceHash === hash && kept.validTo === validTo;
  };

  /** Sends one after another, because each takes the account's next number, and waits for the blocks. */
  const send = async (acts: ((registrar: Registrar) => Promise<Hash>)[]) => {
    if (acts.length === 0) return;
    const client = await chain();
    const registrar = createWalletClient({ account, chain: client.chain, transport: http(token.rpcUrl) });
    const sent: Hash[] = [];
    await inTurn(async () => {
      for (const act of acts) sent.push(await act(registrar));
    });
    for (const hash of sent) {
      const { status } = await client.waitForTransactionReceipt({ hash, timeout: 20_000 });
      if (status !== 'success') throw new Error(`The chain reverted ${hash}.`);
    }
  };
  const license =
    (wallet: Address, { hash, validTo }: ChainLicence) =>
    (registrar: Registrar) =>
      registrar.writeContract({ ...contract, functionName: 'license', args: [wallet, hash, BigInt(validTo)] });
  const revoke = (wallet: Address) => (registrar: Registrar) =>
    registrar.writeContract({ ...contract, functionName: 'revokeRole', args: [prescriberRole, wallet] });

  const admit = async (wallet: Address, licence: ChainLicence) => {
    const client = await chain();
    const [licensed, balance, sent] = await Promise.all([
      isLicensed(wallet, licence),
      client.getBalance({ address: wallet }),
      client.getTransactionCount({ address: wallet }),
    ]);
    const fill = (registrar: Registrar) => registrar.sendTransaction({ to: wallet, value: full - balance });
    const lacksGas = sent === 0 && balance < full / 2n;
    await send([...(licensed ? [] : [license(wallet, licence)]), ...(lacksGas ? [fill] : [])]);
  };

  /** Asked for at once, a wallet is admitted once: none of the requests sees yet what another sends. */
  const admitting = new Map<Address, Promise<void>>();
  const admitOnce = (wallet: Address, licence: ChainLicence) => {
    const running = admitting.get(wallet) ?? admit(wallet, licence).finally(() => admitting.delete(wallet));
    admitting.set(wallet, running);
    return running;
  };

  const settle = async (granted: readonly Address[], revoked: readonly Address[], licence: ChainLicence) => {
    const lacking = await Promise.all(
      granted.map(async (wallet) => ((await isLicensed(wallet, licence)) ? [] : [wallet])),
    );
    const having = await Promise.all(revoked.map(async (wallet) => ((await hasRole(wallet)) ? [wallet] : [])));
    await send([...lacking.flat().map((wallet) => license(wallet, licence)), ...having.flat().map(revoke)]);
  };

  const reached = async (work: Promise<void>) => {
    try {
      await work;
    } catch (cause) {
      throw new ConnectorError('ETHEREUM_UNAVAILABLE', 'the prescriber role could not be changed', { cause });
    }
  };
  return {
    admit: (wallet, licence) => reached(admitOnce(wallet, licence)),
    settle: (granted, revoked, licence) => reached(settle(granted, revoked, licence)),
  };
}

type Registrar = WalletClient<Transport, Chain, Account>;

/** Opens once, and anew after a failure. */
function remember<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | undefined;
  return () => {
    opened ??= open().catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
}
