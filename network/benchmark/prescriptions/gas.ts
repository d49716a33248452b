import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createWalletClient, type Hex, http, keccak256, toHex } from 'viem';
import {
  english,
  generateMnemonic,
  generatePrivateKey,
  mnemonicToAccount,
  type PrivateKeyAccount,
  privateKeyToAccount,
} from 'viem/accounts';
import { openChain } from '#connector/ethereum/chain.ts';
import { prescriptionTokenAbi } from '#contracts/abi/prescriptionToken.ts';
import { deployContracts } from '#contracts/deploy/deploy.ts';
import { attestationTypes, issueTypes, tokenDomain } from '#contracts/typedData.ts';
import { addressOf, tokenIdOf } from '#crypto/token.ts';
import { startAnvil } from '../../ethereum/anvil.ts';

export interface GasFigures {
  /** Minted by the prescriber's own transaction. */
  gasMint: number;
  /** One of twenty that a relay brings. */
  gasMintBatchPerToken: number;
  /** One of twenty states that two notaries attested. */
  gasDispense: number;
}

const atOnce = 20;
const dayS = 86_400;
const random = (): Hex => generatePrivateKey();

/** Measures on a chain of its own, whose notaries are two of three. */
export async function measureGas(): Promise<GasFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'medloom-gas-'));
  const mnemonic = generateMnemonic(english);
  const anvil = await startAnvil({ stateFile: join(folder, 'chain'), logFile: join(folder, 'anvil.log'), mnemonic });
  try {
    return await measureOn(anvil.rpcUrl, mnemonic, join(folder, 'contracts.json'));
  } finally {
    await anvil.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureOn(rpcUrl: string, mnemonic: string, file: string): Promise<GasFigures> {
  const client = await openChain(rpcUrl);
  const payer = (index: number) => mnemonicToAccount(mnemonic, { addressIndex: index });
  const [deployer, registrar, prescriber, relay] = [payer(0), payer(1), payer(2), payer(3)];
  const notaries: PrivateKeyAccount[] = [1, 2, 3].map(() => privateKeyToAccount(random()));
  const deployerKey = toHex(deployer.getHdKey().privateKey ?? new Uint8Array());
  const { prescriptionToken: address, chainId } = await deployContracts({
    ...{ rpcUrl, deployerKey, registrar: registrar.address, threshold: 2, file },
    notaries: notaries.map((notary) => notary.address),
  });
  const walletOf = (account: typeof relay) =>
    createWalletClient({ account, chain: client.chain, transport: http(rpcUrl) });
  const used = async (hash: Hex) => {
    const { status, gasUsed } = await client.waitForTransactionReceipt({ hash });
    if (status !== 'success') throw new Error(`The chain refused ${hash}.`);
    return Number(gasUsed);
  };
  const contract = { address, abi: prescriptionTokenAbi } as const;
  const now = BigInt(Math.floor(Date.now() / 1_000));
  const inDays = (days: number) => now + BigInt(days * dayS);
  const domain = tokenDomain(chainId, address);
  await used(
    await walletOf(registrar).writeContract({
      ...contract,
      functionName: 'license',
      args: [prescriber.address, keccak256(toHex('a licence')), inDays(365)],
    }),
  );

  const issueOf = (name: string) => ({
    ...{ tokenId: tokenIdOf(name), holder: addressOf(privateBytes()), commitment: random() },
    ...{ expires: inDays(90), deadline: inDays(1) },
  });
  const mintAlone = async (name: string) => {
    const { tokenId, holder, commitment, expires } = issueOf(name);
    const args = [tokenId, holder, commitment, expires] as const;
    return used(await walletOf(prescriber).writeContract({ ...contract, functionName: 'mint', args }));
  };
  // The first of a prescriber pays for places that later ones find.
  await mintAlone('the first');
  const gasMint = await mintAlone('alone');

  const issues = Array.from({ length: atOnce }, (_, index) => issueOf(`batched ${index}`));
  const signatures = await Promise.all(
    issues.map((message) => prescriber.signTypedData({ domain, types: issueTypes, primaryType: 'Issue', message })),
  );
  const minted = await used(
    await walletOf(relay).writeContract({ ...contract, functionName: 'mintBatch', args: [issues, signatures] }),
  );

  const attestations = issues.map(({ tokenId }, index) => ({
    ...{ tokenId, channel: keccak256(toHex(`care-${index % 4}`)), blockHash: random() },
    ...{ state: 2, version: 3n, deadline: inDays(1) },
  }));
  const attested = await Promise.all(
    attestations.map((message) =>
      Promise.all(
        notaries
          .slice(0, 2)
          .map((notary) =>
            notary.signTypedData({ domain, types: attestationTypes, primaryType: 'Attestation', message }),
          ),
      ),
    ),
  );
  const recorded = await used(
    await walletOf(relay).writeContract({ ...contract, functionName: 'recordStates', args: [attestations, attested] }),
  );
  return {
    gasMint,
    gasMintBatchPerToken: Math.round(minted / atOnce),
    gasDispense: Math.round(recorded / atOnce),
  };
}

const privateBytes = (): Uint8Array => Buffer.from(random().slice(2), 'hex');
