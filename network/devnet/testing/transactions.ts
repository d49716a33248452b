import { randomUUID } from 'node:crypto';
import { common, peer } from '@hyperledger/fabric-protos';
import { describe, expect, it } from 'vitest';
import { signerOf } from './client.ts';
import { gatewayError, type Harness, text } from './harness.ts';
import { enrol } from './organisations.ts';

const codes = peer.TxValidationCode;

/** Transactions as contracts see them: results, conflicts, queries. */
export function describeTransactions(harness: () => Harness): void {
  describe('transactions', () => {
    it('submits and evaluates through every organisation', async () => {
      for (const member of ['alpha', 'beta', 'gamma', 'guest'] as const) {
        const contract = await harness().contract(member);
        expect(text(await contract.submitTransaction('count', `visits-${member}`))).toBe('1');
        expect(text(await contract.evaluateTransaction('get', `visits-${member}`))).toBe('1');
      }
    });

    it('shows the chaincode who calls', async () => {
      expect(text(await (await harness().contract('guest')).evaluateTransaction('whoami'))).toBe('GuestMSP tester');
    });

    it('has no read-your-writes, and takes an empty value for a delete', async () => {
      const contract = await harness().contract('alpha');
      await contract.submitTransaction('put', 'own', 'before');
      expect(text(await contract.submitTransaction('putThenGet', 'own', 'after'))).toBe('before');
      await contract.submitTransaction('put', 'own', '');
      const changes = JSON.parse(text(await contract.evaluateTransaction('history', 'own')));
      expect(changes.map((change: { isDelete: boolean }) => change.isDelete)).toEqual([true, false, false]);
      expect(text(await contract.evaluateTransaction('get', 'own'))).toBe('');
    });

    it('lets one of two transactions win that read the same key', async () => {
      const contract = await harness().contract('alpha');
      const proposals = [1, 2].map(() => contract.newProposal('count', { arguments: ['contended'] }));
      const endorsed = await Promise.all(proposals.map((proposal) => proposal.endorse()));
      const submitted = await Promise.all(endorsed.map((transaction) => transaction.submit()));
      const outcomes = await Promise.all(submitted.map((transaction) => transaction.getStatus()));
      expect(outcomes.map(({ code }) => code).sort()).toEqual([codes.VALID, codes.MVCC_READ_CONFLICT]);
      expect(text(await contract.evaluateTransaction('get', 'contended'))).toBe('1');
    });

    it.each([
      ['appears', 'phantom-a', (key: string) => ['put', `${key}-2`, 'x'] as const],
      ['disappears', 'phantom-d', (key: string) => ['remove', `${key}-1`] as const],
    ])('refuses a tally whose range changed: a key %s', async (_case, prefix, change) => {
      const contract = await harness().contract('alpha');
      await contract.submitTransaction('put', `${prefix}-1`, 'x');
      const tally = await contract
        .newProposal('tally', { arguments: [`${prefix}-`, `${prefix}-9`, `total-${prefix}`] })
        .endorse();
      const [name, ...args] = change(prefix);
      await contract.submitTransaction(name, ...args);
      const outcome = await (await tally.submit()).getStatus();
      expect(outcome.code).toBe(codes.PHANTOM_READ_CONFLICT);
      expect(text(await contract.submitTransaction('tally', `${prefix}-`, `${prefix}-9`, `total-${prefix}`))).toBe(
        prefix === 'phantom-a' ? '2' : '0',
      );
    });

    it('refuses a phantom in the same block as what makes it one', async () => {
      const contract = await harness().contract('alpha');
      const put = await contract.newProposal('put', { arguments: ['same-1', 'x'] }).endorse();
      const tally = await contract.newProposal('tally', { arguments: ['same-', 'same-9', 'same-total'] }).endorse();
      const [first, second] = await Promise.all([put.submit(), tally.submit()]);
      const [putOutcome, tallyOutcome] = await Promise.all([first.getStatus(), second.getStatus()]);
      expect(putOutcome.blockNumber).toBe(tallyOutcome.blockNumber);
      expect(tallyOutcome.code).toBe(codes.PHANTOM_READ_CONFLICT);
    });

    it.each([0, 99, 100, 101, 250])('iterates over %i rows', async (count) => {
      const contract = await harness().contract('alpha', 'two');
      const prefix = `rows-${count}-`;
      const keys = Array.from({ length: count }, (_, index) => `${prefix}${String(index).padStart(4, '0')}`);
      await contract.submitTransaction('putMany', prefix, String(count));
      expect(JSON.parse(text(await contract.evaluateTransaction('list', prefix, `${prefix}~`)))).toEqual(keys);
    });

    it('pages with the next key as the bookmark', async () => {
      const contract = await harness().contract('alpha');
      for (const suffix of ['a', 'b', 'c', 'd', 'e']) await contract.submitTransaction('put', `page-${suffix}`, 'x');
      const page = async (bookmark: string) =>
        JSON.parse(text(await contract.evaluateTransaction('page', 'page-', 'page-~', '2', bookmark)));
      expect(await page('')).toEqual({ keys: ['page-a', 'page-b'], bookmark: 'page-c', count: 2 });
      expect(await page('page-c')).toEqual({ keys: ['page-c', 'page-d'], bookmark: 'page-e', count: 2 });
      expect(await page('page-e')).toEqual({ keys: ['page-e'], bookmark: '', count: 1 });
    });

    it('finds composite keys by their first parts', async () => {
      const contract = await harness().contract('alpha');
      for (const parts of [
        ['x', '1'],
        ['x', '2'],
        ['y', '1'],
        ['\u{1f600}', '1'],
      ])
        await contract.submitTransaction('putComposite', 'pair', JSON.stringify(parts));
      const list = async (parts: string[]) =>
        JSON.parse(text(await contract.evaluateTransaction('listComposite', 'pair', JSON.stringify(parts))));
      expect(await list(['x'])).toEqual(['["x","1"]', '["x","2"]']);
      expect(await list(['\u{1f600}'])).toEqual(['["\u{1f600}","1"]']);
      expect(await list([])).toHaveLength(4);
    });

    it('tells the history of a key, newest first, with the times of the transactions', async () => {
      const contract = await harness().contract('alpha');
      await contract.submitTransaction('put', 'told', 'one');
      await contract.submitTransaction('put', 'told', 'two');
      await contract.submitTransaction('remove', 'told');
      const changes = JSON.parse(text(await contract.evaluateTransaction('history', 'told')));
      expect(changes.map(({ value, isDelete }: { value: string; isDelete: boolean }) => [value, isDelete])).toEqual([
        ['', true],
        ['two', false],
        ['one', false],
      ]);
      expect(Math.abs(changes[0].seconds - Date.now() / 1000)).toBeLessThan(60);
    });

    it('reads another channel and drops writes there', async () => {
      const key = randomUUID();
      await (await harness().contract('alpha', 'two')).submitTransaction('put', key, 'from two');
      const contract = await harness().contract('alpha', 'one');
      expect(text(await contract.submitTransaction('callOther', 'probe', 'two', key))).toBe('from two');
      expect(text(await contract.submitTransaction('writeOther', 'probe', 'two', key))).toBe('200');
      expect(text(await (await harness().contract('alpha', 'two')).evaluateTransaction('get', key))).toBe('from two');
      const unknown = await gatewayError(contract.evaluateTransaction('callOther', 'probe', 'three', key));
      expect(unknown.message).toContain('Failed to get policy manager for channel [three]');
    });

    it('signs offline, step by step', async () => {
      const credential = await enrol(harness().network.organisations.alpha);
      const { gateway } = harness().connect('alpha', credential, null);
      const sign = signerOf(credential);
      const unsigned = gateway
        .getNetwork('one')
        .getContract('probe')
        .newProposal('count', { arguments: ['offline'] });
      const proposal = gateway.newSignedProposal(unsigned.getBytes(), await sign(unsigned.getDigest()));
      const endorsed = await proposal.endorse();
      const transaction = gateway.newSignedTransaction(endorsed.getBytes(), await sign(endorsed.getDigest()));
      const submitted = await transaction.submit();
      const commit = gateway.newSignedCommit(submitted.getBytes(), await sign(submitted.getDigest()));
      expect((await commit.getStatus()).code).toBe(codes.VALID);
      expect(text(endorsed.getResult())).toBe('1');
    });

    it('writes a transaction into the block that its status names', async () => {
      const contract = await harness().contract('alpha');
      const submitted = await contract.submitAsync('put', { arguments: ['kept', 'as sent'] });
      const { blockNumber } = await submitted.getStatus();
      const network = await harness().channel('alpha');
      const blocks = await network.getBlockEvents({ startBlock: blockNumber });
      try {
        for await (const block of blocks) {
          const ids = (block.getData()?.getDataList_asU8() ?? []).map((bytes) => {
            const payload = common.Payload.deserializeBinary(
              common.Envelope.deserializeBinary(bytes).getPayload_asU8(),
            );
            return common.ChannelHeader.deserializeBinary(
              payload.getHeader()?.getChannelHeader_asU8() ?? bytes,
            ).getTxId();
          });
          expect(ids).toContain(submitted.getTransactionId());
          break;
        }
      } finally {
        blocks.close();
      }
    });
  });
}
