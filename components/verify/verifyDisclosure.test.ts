import { randomBytes } from 'node:crypto';
import { createPublicClient, encodeFunctionData, type Hex, http } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type NodeAnswer, startNode } from '#contracts/testing/node.ts';
import { licenceHash, TokenChain } from '#contracts/testing/tokenChain.ts';
import { utf8 } from '#crypto/bytes.ts';
import { commitmentOf } from '#crypto/commitment/commitment.ts';
import { type Disclosure, disclose } from '#crypto/commitment/disclosure.ts';
import { newPrescriptionId, newPseudonym } from '#crypto/identifier.ts';
import { tokenIdOf } from '#crypto/token.ts';
import { verifyDisclosure } from './verifyDisclosure.ts';

let chain: TokenChain;
beforeAll(async () => {
  chain = await TokenChain.start();
}, 60_000);
afterAll(() => chain?.stop());

/** A prescription that nobody has issued yet. */
function written(medicine = 'amoxicillin') {
  const id = newPrescriptionId(newPseudonym(1));
  const document = utf8(
    JSON.stringify({
      ...{ resourceType: 'MedicationRequest', id, medicationCodeableConcept: { text: medicine } },
      ...{ dosageInstruction: [{ text: 'Take 1' }], reasonCode: [{ text: 'otitis' }] },
    }),
  );
  const key = randomBytes(32);
  const proof = disclose(key, id, document, ['medicine', 'dosage']);
  return { tokenId: tokenIdOf(id), commitment: commitmentOf(key, document) as Hex, proof };
}
async function issued() {
  const prescription = written();
  await chain.issue(prescription.tokenId, prescription.commitment);
  return prescription;
}

const clientOf = (url: string) => createPublicClient({ transport: http(url, { retryCount: 0, timeout: 5_000 }) });
const verify = (shown: Disclosure | { tokenId: bigint }, url = chain.url) =>
  verifyDisclosure(shown, { client: clientOf(url), token: chain.token });

/** Verifies through a node that does with each call what it is told. */
async function through(
  shown: Disclosure | { tokenId: bigint },
  answer: (method: string, params: unknown[], before: number) => NodeAnswer,
) {
  const node = await startNode(chain.url, answer);
  try {
    return { verified: await verify(shown, node.url), asked: node.asked };
  } finally {
    await node.stop();
  }
}

/** The same proof with something in its tree put in another's place. */
function altered(proof: Disclosure, change: (leaf: { salt: Uint8Array; value: unknown }) => object): Disclosure {
  let left = 1;
  const walk = (branch: unknown): unknown => {
    if (Array.isArray(branch)) return branch.map(walk);
    if (branch instanceof Uint8Array || left === 0) return branch;
    left -= 1;
    const leaf = branch as { salt: Uint8Array; value: unknown };
    return { ...leaf, ...change(leaf) };
  };
  return { ...proof, tree: walk(proof.tree) as Disclosure['tree'] };
}

describe('what is shown of a prescription', () => {
  it('is genuine where it opens the token’s commitment, and says who issued it and under what', async () => {
    const { tokenId, commitment, proof } = await issued();
    const verified = await verify(proof);
    expect(verified).toMatchObject({
      outcome: 'genuine',
      token: {
        ...{ tokenId, commitment, issuer: chain.doctor.address, state: 'active', version: 0 },
        licence: { hash: licenceHash, validTo: 4_000_000_000 },
        ...{ roleAtIssue: true, issuedInBlock: expect.any(BigInt), attestedBy: [] },
      },
      opened: {
        shown: [
          { field: 'medicine', value: { text: 'amoxicillin' } },
          { field: 'dosage', value: [{ text: 'Take 1' }] },
        ],
      },
    });
    expect(await verify({ tokenId })).toMatchObject({ outcome: 'known', token: { tokenId } });
  });

  it('is forged where a field, a salt or a closed part is another', async () => {
    const { proof } = await issued();
    const changed = altered(proof, () => ({ value: { text: 'morphine' } }));
    const resalted = altered(proof, ({ salt }) => ({ salt: salt.map((byte) => byte ^ 1) }));
    const closed = { ...proof, tree: structuredClone(proof.tree) };
    const hash = (closed.tree as unknown[]).find((part) => part instanceof Uint8Array);
    if (!(hash instanceof Uint8Array)) throw new Error('nothing is closed');
    hash[0] = (hash[0] ?? 0) ^ 1;
    for (const shown of [changed, resalted, closed]) {
      expect(await verify(shown)).toMatchObject({ outcome: 'forged' });
    }
    expect(await verify(proof)).toMatchObject({ outcome: 'genuine' });
  });

  it('is forged where it is held against another prescription’s token', async () => {
    const [own, foreign] = [await issued(), await issued()];
    const moved = { ...own.proof, token: foreign.proof.token };
    expect(await verify(moved)).toMatchObject({ outcome: 'forged', token: { tokenId: foreign.tokenId } });
    // One leaf of another prescription among one's own.
    const leaf = (proof: Disclosure) => {
      let found: object | undefined;
      altered(proof, (each) => (found = each));
      return found ?? {};
    };
    const mixed = altered(own.proof, () => leaf(written('morphine').proof));
    expect(await verify(mixed)).toMatchObject({ outcome: 'forged' });
  });

  it('says which wallet issued it, where another doctor did', async () => {
    const { tokenId, commitment, proof } = written();
    await chain.license(chain.relay.address);
    await chain.mined(await chain.bring(chain.relay, tokenId, commitment));
    await chain.mined(await chain.revoke(chain.relay.address));
    const verified = await verify(proof);
    expect(verified).toMatchObject({ outcome: 'genuine', token: { issuer: chain.relay.address, roleAtIssue: true } });
  });
});

describe('who issued it', () => {
  it('had to have the role: what nobody licensed signed is not there', async () => {
    const { tokenId, commitment, proof } = written();
    await expect(chain.bring(chain.notaries[0] ?? chain.relay, tokenId, commitment)).rejects.toThrow('AccessControl');
    expect(await verify(proof)).toEqual({ outcome: 'absent', tokenId });
    expect(await verify({ tokenId })).toEqual({ outcome: 'absent', tokenId });
  });

  it('may lose it afterwards, also in the block of the issue, and could not issue after', async () => {
    const [before, same, after] = [written(), written(), written()];
    await chain.issue(before.tokenId, before.commitment);
    await chain.time.setAutomine(false);
    const sent = await chain.bring(chain.doctor, same.tokenId, same.commitment);
    const taken = await chain.revoke(chain.doctor.address);
    await chain.time.mine({ blocks: 1 });
    await chain.time.setAutomine(true);
    await chain.mined(sent);
    await chain.mined(taken);
    const blockOf = async (hash: Hex) => (await chain.reader.getTransactionReceipt({ hash })).blockNumber;
    expect(await blockOf(taken)).toBe(await blockOf(sent));
    await expect(chain.bring(chain.doctor, after.tokenId, after.commitment)).rejects.toThrow('AccessControl');
    for (const { proof } of [before, same]) {
      expect(await verify(proof)).toMatchObject({ outcome: 'genuine', token: { roleAtIssue: true } });
    }
    expect(await verify(after.proof)).toMatchObject({ outcome: 'absent' });
    await chain.license(chain.doctor.address);
  });

  it('had to have a licence in force, which its token keeps when it has ended', async () => {
    const [before, after] = [written(), written()];
    const { timestamp } = await chain.reader.getBlock();
    const validTo = Number(timestamp) + 1_000;
    await chain.license(chain.doctor.address, BigInt(validTo));
    await chain.issue(before.tokenId, before.commitment);
    await chain.time.increaseTime({ seconds: 2_000 });
    await chain.time.mine({ blocks: 1 });
    await expect(chain.bring(chain.doctor, after.tokenId, after.commitment)).rejects.toThrow('NotLicensed');
    await chain.license(chain.doctor.address);
    expect(await verify(before.proof)).toMatchObject({ outcome: 'genuine', token: { licence: { validTo } } });
    expect(await verify(after.proof)).toMatchObject({ outcome: 'absent' });
  });

  it('is not taken for a prescriber where a node says that it was none', async () => {
    const { tokenId, proof } = await issued();
    const hasRole = '0x91d14854';
    const lying = (method: string, params: unknown[]): NodeAnswer =>
      method === 'eth_call' && JSON.stringify(params).includes(hasRole) ? { result: `0x${'0'.repeat(64)}` } : 'pass';
    expect((await through(proof, lying)).verified).toMatchObject({ outcome: 'unentitled' });
    expect((await through({ tokenId }, lying)).verified).toMatchObject({ outcome: 'unentitled' });
  });
});

describe('what became of it', () => {
  const notaries = () => chain.notaries.map(({ address }) => address);

  it.each([
    ['partial', 1],
    ['dispensed', 2],
    ['cancelled', 3],
  ] as const)('is %s where the notaries attested it, and says which', async (state, number) => {
    const [first, second] = [await issued(), await issued()];
    const before = await chain.attest(first.tokenId, 0, 2n);
    await chain.record(
      // By the same notaries in another order, so that it is seen whose signatures are told.
      { ...before, signatures: before.signatures.toReversed() },
      await chain.attest(second.tokenId, 1, 5n),
      await chain.attest(first.tokenId, number, 3n),
    );
    expect(await verify(first.proof)).toMatchObject({
      outcome: 'genuine',
      token: { state, version: 3, attestedBy: notaries() },
    });
    expect(await verify(second.proof)).toMatchObject({ token: { state: 'partial', attestedBy: notaries() } });
  });

  it('is known, and not by whom it was attested, where somebody’s own contract passed the attestation on', async () => {
    const { tokenId, proof } = await issued();
    const { message, signatures } = await chain.attest(tokenId, 1, 3n);
    const data = encodeFunctionData({ ...chain.contract, functionName: 'recordState', args: [message, signatures] });
    // Calls the address in the first 32 bytes with all that follows.
    const forwarder = await chain.as(chain.relay).deployContract({ abi: [], bytecode: forwarderBytecode });
    const { contractAddress } = await chain.reader.waitForTransactionReceipt({ hash: forwarder });
    const input = `0x${chain.token.slice(2).padStart(64, '0')}${data.slice(2)}` as const;
    await chain.mined(await chain.as(chain.relay).sendTransaction({ to: contractAddress ?? null, data: input }));
    expect(await verify(proof)).toMatchObject({
      outcome: 'genuine',
      token: { state: 'partial', version: 3, attestedBy: undefined, roleAtIssue: true },
    });
  });

  it('has an end that is told where it has passed', async () => {
    const { tokenId, commitment, proof } = written();
    await chain.issue(tokenId, commitment, 100);
    await chain.time.increaseTime({ seconds: 200 });
    await chain.time.mine({ blocks: 1 });
    const { timestamp } = await chain.reader.getBlock();
    const verified = await verify(proof);
    expect(verified).toMatchObject({ outcome: 'genuine', token: { state: 'active', expires: expect.any(Number) } });
    expect(verified.outcome === 'genuine' && verified.token.expires).toBeLessThan(Number(timestamp));
  });
});

describe('a node', () => {
  const pruned = { error: { code: -32000, message: 'missing trie node' } };

  it('without the past leaves open what only the past says', async () => {
    const { tokenId, proof } = await issued();
    await chain.record(await chain.attest(tokenId, 1, 3n));
    const withoutLogs = await through(proof, (method) => (method === 'eth_getLogs' ? pruned : 'pass'));
    expect(withoutLogs.verified).toMatchObject({
      outcome: 'genuine',
      token: { roleAtIssue: undefined, issuedInBlock: undefined, attestedBy: undefined, state: 'partial' },
    });
    const withoutStates = await through(proof, (method, [, block]) =>
      method === 'eth_call' && block !== 'latest' ? pruned : 'pass',
    );
    expect(withoutStates.verified).toMatchObject({
      outcome: 'genuine',
      token: {
        roleAtIssue: undefined,
        issuedInBlock: expect.any(BigInt),
        attestedBy: [expect.any(String), expect.any(String)],
      },
    });
    const forged = altered(proof, () => ({ value: { text: 'morphine' } }));
    const { verified } = await through(forged, (method) => (method === 'eth_getLogs' ? pruned : 'pass'));
    expect(verified.outcome).toBe('forged');
  });

  it('that goes at any of its calls gives no verdict', async () => {
    const { tokenId, proof } = await issued();
    await chain.record(await chain.attest(tokenId, 1, 3n));
    const { asked } = await through(proof, () => 'pass');
    expect(asked.length).toBeGreaterThan(6);
    for (let last = 0; last < asked.length; last += 1) {
      await expect(through(proof, (_method, _params, before) => (before >= last ? 'gone' : 'pass'))).rejects.toThrow();
    }
  });

  it('that refuses, fails or answers something else gives no verdict, and says nothing of the token’s being there', async () => {
    const { tokenId, proof } = await issued();
    for (const error of [
      { code: -32603, message: 'internal error' },
      { code: 3, message: 'execution reverted' },
      { code: -32005, message: 'limit exceeded' },
    ]) {
      const refusing = (method: string): NodeAnswer => (method === 'eth_call' ? { error } : 'pass');
      await expect(through(proof, refusing)).rejects.toThrow();
      await expect(through({ tokenId }, refusing)).rejects.toThrow();
    }
    for (const result of ['0x', `0x${'0'.repeat(64)}`, null, 'nonsense']) {
      await expect(through(proof, (method) => (method === 'eth_call' ? { result } : 'pass'))).rejects.toThrow();
    }
    // Of a chain where the contract is not.
    const elsewhere = { client: clientOf(chain.url), token: chain.relay.address };
    await expect(verifyDisclosure(proof, elsewhere)).rejects.toThrow();
  });

  it('that names a state which is none gives no verdict', async () => {
    const { proof } = await issued();
    const whole = await clientOf(chain.url).call({
      to: chain.token,
      data: encodeFunctionData({
        ...chain.contract,
        functionName: 'prescriptionOf',
        args: [BigInt(`0x${Buffer.from(proof.token).toString('hex')}`)],
      }),
    });
    const prescriptionOf = encodeFunctionData({ ...chain.contract, functionName: 'prescriptionOf', args: [0n] });
    const words = whole.data?.slice(2).match(/.{64}/g) ?? [];
    words[4] = '9'.padStart(64, '0');
    const lying = (method: string, params: unknown[]): NodeAnswer =>
      method === 'eth_call' && JSON.stringify(params).includes(prescriptionOf.slice(0, 10))
        ? { result: `0x${words.join('')}` }
        : 'pass';
    await expect(through(proof, lying)).rejects.toThrow(RangeError);
  });
});

/**
 * Calls the address in the first 32 bytes of its input with the rest of it: CALLDATACOPY from byte 32 on, CALL with all gas, and
 * REVERT where that fails.
 */
const forwarderBytecode: Hex = `0x${[
  '6023600c60003960236000f3',
  '602036036020600037',
  '6000600060203603600060006000355af1',
  '60225760006000fd5b00',
].join('')}`;
