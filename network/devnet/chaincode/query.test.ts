import { peer } from '@hyperledger/fabric-protos';
import { expect, it } from 'vitest';
import { OpenQuery } from './query.ts';

it('closes what it reads from at the most rows that a query may have', async () => {
  let closed = false;
  const rows = async function* () {
    try {
      for (;;) yield new Uint8Array();
    } finally {
      closed = true;
    }
  };
  const query = new OpenQuery('1', rows());
  let count = 0;
  for (let more = true; more; ) {
    expect(closed).toBe(false);
    const batch = await query.batch();
    count += peer.QueryResponse.deserializeBinary(batch.bytes).getResultsList().length;
    more = batch.more;
  }
  expect([count, closed]).toEqual([100_000, true]);
});
