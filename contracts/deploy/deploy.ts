import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  type Address,
  ContractFunctionExecutionError,
  createPublicClient,
  createWalletClient,
  defineChain,
  type Hex,
  http,
  type PublicClient,
} from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { z } from 'zod';
import { prescriptionTokenBytecode } from '../abi/prescriptionToken.bytecode.ts';
import { prescriptionTokenAbi } from '../abi/prescriptionToken.ts';
import { attestationTypes, issueTypes } from '../typedData.ts';
import { type Deployer, deploySettlement, type Settlement } from './settlement.ts';
import { typeHash } from './typeHash.ts';

export interface Deployment extends Settlement {
  prescriptionToken: Address;
  chainId: number;
  /** Contracts of before with another interface, oldest first: their tokens stay on the chain as they are. */
  former?: Address[];
}

export interface DeployOptions {
  rpcUrl: string;
  /** Pays, and becomes the admin who appoints registrars and notaries. */
  deployerKey: Hex;
  /** Account that grants the prescriber role, and names payees and insurers. */
  registrar: Address;
  /** Accounts of the organisations' notaries. */
  notaries: readonly Address[];
  /** How many notaries an attestation needs. */
  threshold: number;
  /** The coin of payments; without one a test coin is deployed. */
  coin?: Address | undefined;
  /** Where the address is kept; a deployment that is named there and still on the chain is used again. */
  file: string;
}

const address = z.custom<Address>((value) => typeof value === 'string' && /^0x[0-9a-fA-F]{40}$/.test(value));
const deploymentFile = z.object({
  prescriptionToken: address,
  chainId: z.int().positive(),
  former: z.array(address).optional(),
  /** Absent where it was written before there were payments. */
  careSettlement: address.optional(),
  assistanceFund: address.optional(),
  settlementCoin: address.optional(),
  formerSettlements: z.array(z.object({ careSettlement: address, assistanceFund: address.optional() })).optional(),
});
type Known = z.infer<typeof deploymentFile>;

/** The file that names the deployment cannot be read. Deploying anew would leave the tokens of before behind. */
export class DamagedDeployment extends Error {
  override readonly name = 'DamagedDeployment';

  constructor(file: string, cause: unknown) {
    super(`The record of the deployed contracts, ${file}, is damaged.`, { cause });
  }
}

/**
 * Deploys the contracts once: a later call finds the address in `file` and uses it where that chain has this contract there.
 * A contract that takes other signatures than this one is replaced: nothing that is signed now would do anything there.
 * Throws DamagedDeployment, before anything is sent, where `file` cannot be read, and where the chain does not answer or the
 * deployment is reverted.
 */
export async function deployContracts(options: DeployOptions): Promise<Deployment> {
  const known = readDeployment(options.file);
  const transport = http(options.rpcUrl);
  const chainId = await createPublicClient({ transport }).getChainId();
  const chain = defineChain({
    id: chainId,
    name: `chain ${chainId}`,
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [options.rpcUrl] } },
  });
  const client = createPublicClient({ chain, transport, pollingInterval: 50 });

  const wallet = createWalletClient({ account: privateKeyToAccount(options.deployerKey), chain, transport });
  const deployer = { client, wallet };
  const here = known?.chainId === chainId ? known : undefined;
  const token = await deployToken(deployer, options, known);
  const deployment = { ...token, ...(await deploySettlement(deployer, options, here ?? {})) };
  if (JSON.stringify(deployment) !== JSON.stringify(known)) writeDeployment(options.file, deployment);
  return deployment;
}

/** The token's contract, deployed where it is not there yet. */
async function deployToken({ client, wallet }: Deployer, options: DeployOptions, known: Known | undefined) {
  const chainId = client.chain.id;
  const onChain =
    known?.chainId === chainId && (await client.getCode({ address: known.prescriptionToken })) !== undefined;
  const former = known?.former;
  if (known && onChain && (await takesOurSignatures(client, known.prescriptionToken)))
    return { prescriptionToken: known.prescriptionToken, chainId, ...(former && { former }) };

  const hash = await wallet.deployContract({
    abi: prescriptionTokenAbi,
    bytecode: prescriptionTokenBytecode,
    args: [wallet.account.address, options.registrar, [...options.notaries], BigInt(options.threshold)],
  });
  const receipt = await client.waitForTransactionReceipt({ hash });
  if (receipt.status !== 'success' || !receipt.contractAddress) {
    throw new Error(`The chain refused to deploy PrescriptionToken in transaction ${hash}.`);
  }
  const before = known && onChain ? [...(former ?? []), known.prescriptionToken] : former;
  return { prescriptionToken: receipt.contractAddress, chainId, ...(before && { former: before }) };
}

/** Whether the contract there has this one's types of what is signed. */
async function takesOurSignatures(client: PublicClient, address: Address): Promise<boolean> {
  const contract = { address, abi: prescriptionTokenAbi } as const;
  try {
    const [issue, attestation] = await Promise.all([
      client.readContract({ ...contract, functionName: 'ISSUE_TYPEHASH' }),
      client.readContract({ ...contract, functionName: 'ATTESTATION_TYPEHASH' }),
    ]);
    return (
      issue === typeHash('Issue', issueTypes.Issue) &&
      attestation === typeHash('Attestation', attestationTypes.Attestation)
    );
  } catch (error) {
    // It has no such constants: one of before.
    if (error instanceof ContractFunctionExecutionError) return false;
    throw error;
  }
}

function readDeployment(file: string): Known | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return deploymentFile.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new DamagedDeployment(file, error);
  }
}

/** Through a second file, so that a full disk or a crash leaves the old one whole. */
function writeDeployment(file: string, deployment: Deployment): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, `${JSON.stringify(deployment, null, 2)}\n`);
  renameSync(`${file}.new`, file);
}
