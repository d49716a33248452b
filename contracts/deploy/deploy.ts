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
  keccak256,
  type PublicClient,
  toHex,
} from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { z } from 'zod';
import { prescriptionTokenBytecode } from '../abi/prescriptionToken.bytecode.ts';
import { prescriptionTokenAbi } from '../abi/prescriptionToken.ts';
import { attestationTypes, issueTypes } from '../typedData.ts';

export interface Deployment {
  prescriptionToken: Address;
  chainId: number;
  /** Contracts of before with another interface, oldest first: their tokens stay on the chain as they are. */
  former?: Address[];
}

export interface DeployOptions {
  rpcUrl: string;
  /** Pays, and becomes the admin who appoints registrars and notaries. */
  deployerKey: Hex;
  /** Account that grants the prescriber role. */
  registrar: Address;
  /** Accounts of the organisations' notaries. */
  notaries: readonly Address[];
  /** How many notaries an attestation needs. */
  threshold: number;
  /** Where the address is kept; a deployment that is named there and still on the chain is used again. */
  file: string;
}

const address = z.custom<Address>((value) => typeof value === 'string' && /^0x[0-9a-fA-F]{40}$/.test(value));
const deploymentFile = z.object({
  prescriptionToken: address,
  chainId: z.int().positive(),
  former: z.array(address).optional(),
});

/** The file that names the deployment cannot be read. Deploying anew would leave the tokens of before behind. */
export class DamagedDeployment extends Error {
  override readonly name = 'DamagedDeployment';

  constructor(file: string, cause: unknown) {
    super(`The record of the deployed contracts, ${file}, is damaged.`, { cause });
  }
}

/**
 * Deploys PrescriptionToken once: a later call finds the address in `file` and uses it where that chain has this contract there.
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

  const onChain =
    known?.chainId === chainId && (await client.getCode({ address: known.prescriptionToken })) !== undefined;
  if (known && onChain && (await takesOurSignatures(client, known.prescriptionToken))) return known;

  const account = privateKeyToAccount(options.deployerKey);
  const wallet = createWalletClient({ account, chain, transport });
  const hash = await wallet.deployContract({
    abi: prescriptionTokenAbi,
    bytecode: prescriptionTokenBytecode,
    args: [account.address, options.registrar, [...options.notaries], BigInt(options.threshold)],
  });
  const receipt = await client.waitForTransactionReceipt({ hash });
  if (receipt.status !== 'success' || !receipt.contractAddress) {
    throw new Error(`The chain refused to deploy PrescriptionToken in transaction ${hash}.`);
  }
  const former = known && onChain ? [...(known.former ?? []), known.prescriptionToken] : known?.former;
  const deployment = { prescriptionToken: receipt.contractAddress, chainId, ...(former && { former }) };
  writeDeployment(options.file, deployment);
  return deployment;
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

/** EIP-712: hash of the type as it is written. */
const typeHash = (name: string, members: readonly { name: string; type: string }[]) =>
  keccak256(toHex(`${name}(${members.map((member) => `${member.type} ${member.name}`).join(',')})`));

function readDeployment(file: string): Deployment | undefined {
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
