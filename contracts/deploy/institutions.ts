import {
  type Account,
  type Address,
  BaseError,
  createPublicClient,
  createWalletClient,
  defineChain,
  type Hex,
  http,
  isAddressEqual,
  RpcRequestError,
  zeroAddress,
  zeroHash,
} from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { assistanceFundAbi } from '../abi/assistanceFund.ts';
import { careSettlementAbi } from '../abi/careSettlement.ts';
import { testCoinAbi } from '../abi/testCoin.ts';
import { institutionHash } from '../typedData.ts';
import { type Deployer, mined } from './settlement.ts';

export interface PayeesOptions {
  rpcUrl: string;
  careSettlement: Address;
  /** Has `PAYEE_REGISTRAR_ROLE`. */
  registrarKey: Hex;
  /** Payout addresses by institution. */
  payees: Readonly<Record<string, Address>>;
  /** Leaves those that have one. */
  onlyNew?: boolean;
}

/** Names the payout addresses of institutions, where they are not named so already. */
export async function namePayees(options: PayeesOptions): Promise<void> {
  const { rpcUrl, careSettlement, registrarKey, payees, onlyNew = false } = options;
  const registrar = await connect(rpcUrl, registrarKey);
  const contract = { address: careSettlement, abi: careSettlementAbi } as const;
  for (const [institution, payout] of Object.entries(payees)) {
    const id = institutionHash(institution);
    const known = await registrar.client.readContract({ ...contract, functionName: 'payoutOf', args: [id] });
    if (onlyNew ? known !== zeroAddress : isAddressEqual(known, payout)) continue;
    await mined(
      registrar,
      await registrar.wallet.writeContract({ ...contract, functionName: 'setPayee', args: [id, payout] }),
    );
  }
}

export interface RightsOptions {
  rpcUrl: string;
  careSettlement: Address;
  /** Runs the insurer's account. */
  treasurerKey: Hex;
  institution: string;
  /** Who pays, who releases what another has proposed; an account may do both, never of the same payment. */
  rights: readonly { account: Address; spends: boolean; releases: boolean }[];
}

export interface InsurerOptions extends RightsOptions {
  /** Has `INSURER_REGISTRAR_ROLE`. */
  registrarKey: Hex;
  /** Signs quotes. */
  signer: Address;
  coin: Address;
  /** In the coin's smallest unit. */
  perDay: bigint;
  releaseAbove: bigint;
  /** Leaves one that another treasurer runs, or that was opened wholly for this signer. */
  onlyNew?: boolean;
}

/** Opens an insurer's account, or brings it in line with what is wanted; what is so already is not sent again. */
export async function openInsurer(options: InsurerOptions): Promise<void> {
  const { rpcUrl, careSettlement, coin, perDay, releaseAbove, onlyNew = false } = options;
  const [registrar, treasurer] = [
    await connect(rpcUrl, options.registrarKey),
    await connect(rpcUrl, options.treasurerKey),
  ];
  const { client } = registrar;
  const contract = { address: careSettlement, abi: careSettlementAbi } as const;
  const id = institutionHash(options.institution);
  const own = treasurer.wallet.account.address;
  const [runs, signs] = await client.readContract({ ...contract, functionName: 'insurerOf', args: [id] });
  const purse = await client.readContract({ ...contract, functionName: 'purseOf', args: [id, coin] });
  // Limits are set last: where there are some, whatever else was to be set is set, and may have been set otherwise since.
  const isOpen = purse.perDay > 0n || purse.releaseAbove > 0n;
  const isSigner = isAddressEqual(signs, options.signer);
  if (onlyNew && runs !== zeroAddress && (!isAddressEqual(runs, own) || (isOpen && isSigner))) return;
  if (!isAddressEqual(runs, own))
    await mined(
      registrar,
      await registrar.wallet.writeContract({ ...contract, functionName: 'setTreasurer', args: [id, own] }),
    );
  const say = async (hash: Promise<Hex>) => mined(treasurer, await hash);
  await giveRights(options);
  if (!isSigner)
    await say(treasurer.wallet.writeContract({ ...contract, functionName: 'setSigner', args: [id, options.signer] }));
  if ((onlyNew && isOpen) || (purse.perDay === perDay && purse.releaseAbove === releaseAbove)) return;
  await say(
    treasurer.wallet.writeContract({
      ...contract,
      functionName: 'setLimits',
      args: [id, coin, perDay, releaseAbove],
    }),
  );
}

/** Whose wallet runs an insurer's account; the zero address where nobody's does. */
export async function readTreasurer(rpcUrl: string, careSettlement: Address, institution: string): Promise<Address> {
  const call = { address: careSettlement, abi: careSettlementAbi, functionName: 'insurerOf' } as const;
  const client = createPublicClient({ transport: http(rpcUrl) });
  return (await client.readContract({ ...call, args: [institutionHash(institution)] }))[0];
}

/** Names who runs an insurer's account, in the place of who did. */
export async function nameTreasurer(
  options: Pick<InsurerOptions, 'rpcUrl' | 'careSettlement' | 'registrarKey' | 'institution'> & { treasurer: Address },
): Promise<void> {
  const registrar = await connect(options.rpcUrl, options.registrarKey);
  const contract = { address: options.careSettlement, abi: careSettlementAbi } as const;
  const args = [institutionHash(options.institution), options.treasurer] as const;
  await mined(registrar, await registrar.wallet.writeContract({ ...contract, functionName: 'setTreasurer', args }));
}

/** Says what accounts may do for an insurer; what is so already is not sent again. */
export async function giveRights(options: RightsOptions): Promise<void> {
  const treasurer = await connect(options.rpcUrl, options.treasurerKey);
  const contract = { address: options.careSettlement, abi: careSettlementAbi } as const;
  const id = institutionHash(options.institution);
  for (const { account, spends, releases } of options.rights) {
    const asked = { ...contract, functionName: 'rightsOf', args: [id, account] } as const;
    const known = await treasurer.client.readContract(asked);
    if (known[0] === spends && known[1] === releases) continue;
    const args = [id, account, spends, releases] as const;
    const said = await treasurer.wallet.writeContract({ ...contract, functionName: 'setRights', args });
    await mined(treasurer, said);
  }
}

export interface PrefundOptions {
  rpcUrl: string;
  careSettlement: Address;
  institution: string;
  coin: Address;
  /** Whose coins they are. */
  fromKey: Hex;
  amount: bigint;
}

/** Pays coins into an insurer's account. */
export async function prefund(options: PrefundOptions): Promise<void> {
  const from = await connect(options.rpcUrl, options.fromKey);
  const { careSettlement, coin, amount } = options;
  const approval = {
    address: coin,
    abi: testCoinAbi,
    functionName: 'approve',
    args: [careSettlement, amount],
  } as const;
  await mined(from, await from.wallet.writeContract(approval));
  const args = [institutionHash(options.institution), coin, amount] as const;
  const deposit = { address: careSettlement, abi: careSettlementAbi, functionName: 'deposit', args } as const;
  await mined(from, await from.wallet.writeContract(deposit));
}

/** Gives coins to the assistance fund, under no tag. */
export async function giveToFund(options: {
  rpcUrl: string;
  fund: Address;
  coin: Address;
  fromKey: Hex;
  amount: bigint;
}) {
  const donor = await connect(options.rpcUrl, options.fromKey);
  const { fund, coin, amount } = options;
  const approval = { address: coin, abi: testCoinAbi, functionName: 'approve', args: [fund, amount] } as const;
  await mined(donor, await donor.wallet.writeContract(approval));
  const gift = { address: fund, abi: assistanceFundAbi, functionName: 'give', args: [amount, zeroHash] } as const;
  await mined(donor, await donor.wallet.writeContract(gift));
}

/**
 * Why accounts were not let set the fund's rules: the key is no admin's, or the node does not tell of the past whether the right was taken
 * from them.
 */
export type Unappointed = 'no-admin' | 'past-unknown';

/**
 * Has accounts set the assistance fund's rules, besides who may already; no rules are changed. Who had the right and has lost it is not given
 * it back. Resolves to why nobody was appointed of those who lack it; undefined where it is as wanted.
 */
export async function appointFundAdmins(options: {
  rpcUrl: string;
  fund: Address;
  /** An admin's: the account that deployed the fund is one, until another takes the right away. */
  adminKey: Hex;
  admins: readonly Address[];
  /** The fund was not there before; the chain's first block where it is not said. */
  fromBlock?: bigint;
}): Promise<Unappointed | undefined> {
  const { fund, admins, fromBlock = 0n } = options;
  const admin = await connect(options.rpcUrl, options.adminKey);
  const contract = { address: fund, abi: assistanceFundAbi } as const;
  const may = (account: Address) =>
    admin.client.readContract({ ...contract, functionName: 'hasRole', args: [zeroHash, account] });
  const lacking: Address[] = [];
  for (const account of admins) if (!(await may(account))) lacking.push(account);
  if (lacking.length === 0) return undefined;
  if (!(await may(admin.wallet.account.address))) return 'no-admin';
  const told = { ...contract, eventName: 'RoleGranted', args: { role: zeroHash, account: lacking } } as const;
  let before: Address[];
  try {
    const logs = await admin.client.getContractEvents({ ...told, fromBlock, strict: true });
    before = logs.map(({ args }) => args.account);
  } catch (error) {
    // Nodes that answer for few blocks at once refuse it. A right that is not given can be given by hand; one that was taken must not come back.
    if (error instanceof BaseError && error.walk((cause) => cause instanceof RpcRequestError)) return 'past-unknown';
    throw error;
  }
  for (const account of lacking) {
    if (before.some((each) => isAddressEqual(each, account))) continue;
    const args = [zeroHash, account] as const;
    await mined(admin, await admin.wallet.writeContract({ ...contract, functionName: 'grantRole', args }));
  }
  return undefined;
}

/** Makes test coins, by the key that deployed them. */
export async function mintTestCoins(rpcUrl: string, deployerKey: Hex, coin: Address, to: Address, amount: bigint) {
  const minter = await connect(rpcUrl, deployerKey);
  const call = { address: coin, abi: testCoinAbi, functionName: 'mint', args: [to, amount] } as const;
  await mined(minter, await minter.wallet.writeContract(call));
}

async function connect(rpcUrl: string, key: Hex): Promise<Deployer> {
  const transport = http(rpcUrl);
  const id = await createPublicClient({ transport }).getChainId();
  const nativeCurrency = { name: 'Ether', symbol: 'ETH', decimals: 18 };
  const chain = defineChain({ id, name: `chain ${id}`, nativeCurrency, rpcUrls: { default: { http: [rpcUrl] } } });
  const account: Account = privateKeyToAccount(key);
  return {
    client: createPublicClient({ chain, transport, pollingInterval: 50 }),
    wallet: createWalletClient({ account, chain, transport }),
  };
}
