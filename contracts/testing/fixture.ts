import assert from 'node:assert/strict';
import { network } from 'hardhat';
import { BaseError, ContractFunctionRevertedError, getContract, type Hex, keccak256, toHex } from 'viem';
import { prescriptionTokenAbi } from '../abi/prescriptionToken.ts';
import { attestationTypes, type Issue, issueTypes, tokenDomain } from '../typedData.ts';

export const State = { active: 0, partial: 1, dispensed: 2, cancelled: 3 } as const;

export interface Attestation {
  tokenId: bigint;
  channel: Hex;
  blockHash: Hex;
  state: number;
  version: bigint;
  deadline: bigint;
}

export const oneTimeAddress = '0x1111111111111111111111111111111111111111';
export const commitment = keccak256(toHex('a salted commitment'));
export const licenceHash = keccak256(toHex('a licence'));
export const tokenId = BigInt(keccak256(toHex('rx-0-aaaaaaaaaaaaaaaaaaaaaaaaaa')));

/** A fresh chain with the contract, three notaries of whom two must sign, one prescriber, and an outsider. */
export async function deployToken() {
  const { viem, networkHelpers } = await connect();
  const [admin, registrar, prescriber, notaryA, notaryB, notaryC, outsider] = await viem.getWalletClients();
  assert(admin && registrar && prescriber && notaryA && notaryB && notaryC && outsider);
  const publicClient = await viem.getPublicClient();
  const deployed = await viem.deployContract('PrescriptionToken', [
    admin.account.address,
    registrar.account.address,
    [notaryA.account.address, notaryB.account.address, notaryC.account.address],
    2n,
  ]);
  const as = (wallet: typeof admin) =>
    getContract({ address: deployed.address, abi: prescriptionTokenAbi, client: { public: publicClient, wallet } });
  const token = as(outsider);
  const now = async () => (await publicClient.getBlock()).timestamp;
  const licenceEnds = (await now()) + 366n * 86_400n;
  await as(registrar).write.license([prescriber.account.address, licenceHash, licenceEnds]);

  const mint = async (overrides: { tokenId?: bigint; holder?: Hex; commitment?: Hex; expires?: bigint } = {}) =>
    as(prescriber).write.mint([
      overrides.tokenId ?? tokenId,
      overrides.holder ?? oneTimeAddress,
      overrides.commitment ?? commitment,
      overrides.expires ?? (await now()) + 86_400n,
    ]);
  const attest = async (overrides: Partial<Attestation> = {}): Promise<Attestation> => ({
    tokenId,
    state: State.partial,
    version: 3n,
    channel: keccak256(toHex('care-0')),
    blockHash: keccak256(toHex('block 7')),
    deadline: (await now()) + 600n,
    ...overrides,
  });
  const domain = tokenDomain(await publicClient.getChainId(), deployed.address);
  const sign = (wallet: typeof admin, message: Attestation, otherDomain: Partial<typeof domain> = {}) =>
    wallet.signTypedData({
      domain: { ...domain, ...otherDomain },
      types: attestationTypes,
      primaryType: 'Attestation',
      message,
    });
  const issueOf = async (overrides: Partial<Issue> = {}): Promise<Issue> => ({
    ...{ tokenId, holder: oneTimeAddress, commitment },
    ...{ expires: (await now()) + 86_400n, deadline: (await now()) + 600n },
    ...overrides,
  });
  const signIssue = (wallet: typeof admin, message: Issue, otherDomain: Partial<typeof domain> = {}) =>
    wallet.signTypedData({
      domain: { ...domain, ...otherDomain },
      types: issueTypes,
      primaryType: 'Issue',
      message,
    });
  const record = async (message: Attestation, wallets = [notaryA, notaryB]) =>
    token.write.recordState([message, await Promise.all(wallets.map((wallet) => sign(wallet, message)))]);

  return {
    ...{ viem, publicClient, networkHelpers, token, as, domain },
    ...{ admin, registrar, prescriber, notaryA, notaryB, notaryC, outsider },
    ...{ now, mint, attest, sign, record, issueOf, signIssue, licenceEnds },
  };
}

async function connect() {
  const { viem, provider } = await network.create();
  const increaseTo = async (timestamp: bigint) => {
    await provider.request({ method: 'evm_setNextBlockTimestamp', params: [toHex(timestamp)] });
  };
  return { viem, networkHelpers: { increaseTo } };
}

/** Asserts that the contract refused with that error of its own, and with those arguments where given. */
export async function refuses(promise: Promise<unknown>, errorName: string, args?: readonly unknown[]): Promise<void> {
  const outcome = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  assert(outcome instanceof BaseError, `expected ${errorName}, but nothing was refused`);
  const reverted = outcome.walk((error) => error instanceof ContractFunctionRevertedError);
  assert(reverted instanceof ContractFunctionRevertedError, `expected ${errorName}, but: ${outcome.shortMessage}`);
  assert.equal(reverted.data?.errorName, errorName);
  if (args) assert.deepEqual(reverted.data?.args, args);
}
