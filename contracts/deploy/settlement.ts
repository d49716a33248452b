import {
  type Account,
  type Address,
  type Chain,
  ContractFunctionExecutionError,
  type Hex,
  type PublicClient,
  type Transport,
  type WalletClient,
  zeroAddress,
} from 'viem';
import { assistanceFundBytecode } from '../abi/assistanceFund.bytecode.ts';
import { assistanceFundAbi } from '../abi/assistanceFund.ts';
import { careSettlementBytecode } from '../abi/careSettlement.bytecode.ts';
import { careSettlementAbi } from '../abi/careSettlement.ts';
import { testCoinBytecode } from '../abi/testCoin.bytecode.ts';
import { testCoinAbi } from '../abi/testCoin.ts';
import { quoteTypes, settlementDomain } from '../typedData.ts';
import { typeHash } from './typeHash.ts';

/** Where payments for claims are made. */
export interface Settlement {
  careSettlement: Address;
  assistanceFund: Address;
  /** What is paid in, and what the fund holds. */
  settlementCoin: Address;
  /** Those that took other signatures, oldest first, with each one's fund: whose money lies there takes it out there. */
  formerSettlements?: { careSettlement: Address; assistanceFund?: Address | undefined }[] | undefined;
}

/** A chain with the account that deploys, and becomes the admin. */
export interface Deployer {
  client: PublicClient<Transport, Chain>;
  wallet: WalletClient<Transport, Chain, Account>;
}

/**
 * Deploys settlement, fund and, where no coin is configured, the test coin, as far as `known` is not there; a settlement that takes other
 * signatures is replaced, and remembered. The registrar names payees and insurers and grants help until the admin appoints others; the
 * admin may pause. Throws where the chain refuses.
 */
export async function deploySettlement(
  deployer: Deployer,
  options: { registrar: Address; coin?: Address | undefined },
  known: Partial<Settlement>,
): Promise<Settlement> {
  const { client } = deployer;
  const there = async (address: Address | undefined) =>
    address !== undefined && (await client.getCode({ address })) !== undefined ? address : undefined;
  const coin = options.coin ?? (await there(known.settlementCoin)) ?? (await deployCoin(deployer));
  const former = await there(known.careSettlement);
  const kept = former !== undefined && (await takesOurQuotes(client, former)) ? former : undefined;
  const settlement = kept ?? (await deployCareSettlement(deployer, options.registrar));
  const decimals = await client.readContract({ address: coin, abi: testCoinAbi, functionName: 'decimals' });
  await allowCoin(deployer, settlement, coin, decimals);
  const sameFund = kept !== undefined && known.settlementCoin?.toLowerCase() === coin.toLowerCase();
  const fund =
    (sameFund ? await there(known.assistanceFund) : undefined) ??
    (await deployFund(deployer, settlement, coin, options.registrar));
  const before = known.formerSettlements ?? [];
  const isReplaced = former !== undefined && kept === undefined;
  const left = isReplaced && { careSettlement: former, assistanceFund: await there(known.assistanceFund) };
  const formerSettlements = left ? [...before, left] : before;
  return {
    ...{ careSettlement: settlement, assistanceFund: fund, settlementCoin: coin },
    ...(formerSettlements.length > 0 && { formerSettlements }),
  };
}

/** Waits for a transaction of the deployer. Throws where it is reverted. */
export async function mined({ client }: Deployer, hash: Hex): Promise<Address | undefined> {
  const receipt = await client.waitForTransactionReceipt({ hash });
  if (receipt.status !== 'success') throw new Error(`The chain reverted transaction ${hash}.`);
  return receipt.contractAddress ?? undefined;
}

async function deployed(deployer: Deployer, name: string, hash: Hex): Promise<Address> {
  const address = await mined(deployer, hash);
  if (!address) throw new Error(`The chain refused to deploy ${name} in transaction ${hash}.`);
  return address;
}

async function deployCoin(deployer: Deployer): Promise<Address> {
  const hash = await deployer.wallet.deployContract({ abi: testCoinAbi, bytecode: testCoinBytecode });
  return deployed(deployer, 'TestCoin', hash);
}

async function deployCareSettlement(deployer: Deployer, registrar: Address): Promise<Address> {
  const { client, wallet } = deployer;
  const admin = wallet.account.address;
  const hash = await wallet.deployContract({ abi: careSettlementAbi, bytecode: careSettlementBytecode, args: [admin] });
  const address = await deployed(deployer, 'CareSettlement', hash);
  const contract = { address, abi: careSettlementAbi } as const;
  for (const [role, account] of [
    ['PAYEE_REGISTRAR_ROLE', registrar],
    ['INSURER_REGISTRAR_ROLE', registrar],
    ['PAUSER_ROLE', admin],
  ] as const) {
    const args = [await client.readContract({ ...contract, functionName: role }), account] as const;
    await mined(deployer, await wallet.writeContract({ ...contract, functionName: 'grantRole', args }));
  }
  await allowCoin(deployer, address, zeroAddress, 18);
  return address;
}

/** Has a coin paid in hundredths, which is how claims count; what is so already is not sent again. Throws where it has fewer digits. */
async function allowCoin(deployer: Deployer, address: Address, coin: Address, decimals: number): Promise<void> {
  if (decimals < 2) throw new RangeError(`The coin ${coin} has ${decimals} decimals: claims are paid in hundredths.`);
  const minorUnit = 10n ** BigInt(decimals - 2);
  const contract = { address, abi: careSettlementAbi } as const;
  const known = await deployer.client.readContract({ ...contract, functionName: 'minorUnitOf', args: [coin] });
  if (known === minorUnit) return;
  const args = [coin, minorUnit] as const;
  await mined(deployer, await deployer.wallet.writeContract({ ...contract, functionName: 'allowCoin', args }));
}

const day = 86_400;

/** A fund with rules of 100 a grant, 500 a beneficiary and 50,000 in all in 30 days, until its admin sets others. */
async function deployFund(deployer: Deployer, settlement: Address, coin: Address, officer: Address): Promise<Address> {
  const { client, wallet } = deployer;
  const args = [wallet.account.address, settlement, coin] as const;
  const hash = await wallet.deployContract({ abi: assistanceFundAbi, bytecode: assistanceFundBytecode, args });
  const address = await deployed(deployer, 'AssistanceFund', hash);
  const fund = { address, abi: assistanceFundAbi } as const;
  const contract = { address: settlement, abi: careSettlementAbi } as const;
  const decimals = await client.readContract({ address: coin, abi: testCoinAbi, functionName: 'decimals' });
  const unit = 10n ** BigInt(decimals);
  const rules = {
    ...{ perGrant: 100n * unit, perBeneficiary: 500n * unit, perPeriod: 50_000n * unit },
    ...{ period: 30 * day, grantLife: 60 * day },
  };
  await mined(deployer, await wallet.writeContract({ ...fund, functionName: 'setRules', args: [rules] }));
  const officerRole = await client.readContract({ ...fund, functionName: 'OFFICER_ROLE' });
  await mined(
    deployer,
    await wallet.writeContract({ ...fund, functionName: 'grantRole', args: [officerRole, officer] }),
  );
  const assistanceRole = await client.readContract({ ...contract, functionName: 'ASSISTANCE_ROLE' });
  await mined(
    deployer,
    await wallet.writeContract({ ...contract, functionName: 'grantRole', args: [assistanceRole, address] }),
  );
  return address;
}

/** Whether the contract there takes quotes as they are signed here: in these words, for this version of it. */
async function takesOurQuotes(client: PublicClient, address: Address): Promise<boolean> {
  const contract = { address, abi: careSettlementAbi } as const;
  try {
    const [known, [, name, version]] = await Promise.all([
      client.readContract({ ...contract, functionName: 'QUOTE_TYPEHASH' }),
      client.readContract({ ...contract, functionName: 'eip712Domain' }),
    ]);
    const ours = settlementDomain(0, address);
    return known === typeHash('Quote', quoteTypes.Quote) && name === ours.name && version === ours.version;
  } catch (error) {
    // It has no such constant.
    if (error instanceof ContractFunctionExecutionError) return false;
    throw error;
  }
}
