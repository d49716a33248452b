import { type Address, createWalletClient, type Hash, type Hex, http, keccak256, parseEther, toHex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { prescriptionTokenAbi } from '#contracts/abi/prescriptionToken.ts';
import { ConnectorError } from '../errors.ts';
import { openChain, type TokenAccess } from '../ethereum/chain.ts';

const prescriberRole = keccak256(toHex('PRESCRIBER_ROLE'));

/** Makes doctors' wallets able to mint. */
export interface Prescribers {
  /** Grants the prescriber role and fills the wallet up with gas, each only where it is missing. ETHEREUM_UNAVAILABLE. */
  admit(wallet: Address): Promise<void>;
}

/** `key` is the registrar's account; `allowance` what a wallet is filled up to, in ether. */
export function createPrescribers(token: TokenAccess, key: Hex, allowance: string): Prescribers {
  const account = privateKeyToAccount(key);
  const full = parseEther(allowance);
  const chain = remember(() => openChain(token.rpcUrl));
  const inTurn = createQueue();

  const admit = async (wallet: Address) => {
    const client = await chain();
    const registrar = createWalletClient({ account, chain: client.chain, transport: http(token.rpcUrl) });
    const contract = { address: token.address, abi: prescriptionTokenAbi } as const;
    const [isPrescriber, balance] = await Promise.all([
      client.readContract({ ...contract, functionName: 'hasRole', args: [prescriberRole, wallet] }),
      client.getBalance({ address: wallet }),
    ]);
    const sent: Hash[] = [];
    // One after another, because each takes the account's next number.
    await inTurn(async () => {
      if (!isPrescriber) {
        const args = [prescriberRole, wallet] as const;
        sent.push(await registrar.writeContract({ ...contract, functionName: 'grantRole', args }));
      }
      if (balance < full / 2n) sent.push(await registrar.sendTransaction({ to: wallet, value: full - balance }));
    });
    for (const hash of sent) {
      const { status } = await client.waitForTransactionReceipt({ hash, timeout: 20_000 });
      if (status !== 'success') throw new Error(`The chain reverted ${hash}.`);
    }
  };

  return {
    admit: async (wallet) => {
      try {
        await admit(wallet);
      } catch (cause) {
        throw new ConnectorError('ETHEREUM_UNAVAILABLE', 'the prescriber role could not be granted', { cause });
      }
    },
  };
}

/** Runs acts one after another; a failed one does not stop those behind it. */
function createQueue(): (act: () => Promise<void>) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return (act) => {
    const mine = last.then(act);
    last = mine.catch(() => undefined);
    return mine;
  };
}

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
