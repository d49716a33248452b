// Context must be imported as a value: decorator metadata refers to it at run time.
// biome-ignore lint/style/useImportType: see above
import { Context, Contract, Info, Returns, Transaction } from 'fabric-contract-api';
import { KeyEndorsementPolicy } from 'fabric-shim';

const text = new TextDecoder();
const bytes = new TextEncoder();

function policyOf(owners: string): Uint8Array {
  const policy = new KeyEndorsementPolicy();
  policy.addOrgs('PEER', ...owners.split(' '));
  return policy.getPolicy();
}

function ownersOf(policy: Uint8Array | undefined): string {
  return policy?.length ? new KeyEndorsementPolicy(policy).listOrgs().sort().join(' ') : '';
}

/** A chaincode that does each thing which the devnet's tests want to see. */
@Info({ title: 'probe', description: 'exercises the peer' })
export class ProbeContract extends Contract {
  constructor() {
    super('probe');
  }

  @Transaction()
  async put(ctx: Context, key: string, value: string): Promise<void> {
    await ctx.stub.putState(key, bytes.encode(value));
  }

  /** Writes a number of keys that follow one another. */
  @Transaction()
  async putMany(ctx: Context, prefix: string, count: number): Promise<void> {
    for (let index = 0; index < count; index += 1)
      await ctx.stub.putState(`${prefix}${String(index).padStart(4, '0')}`, bytes.encode('x'));
  }

  /** Writes keys in the given order; null removes. Takes JSON of pairs. */
  @Transaction()
  async writeAll(ctx: Context, pairs: string): Promise<void> {
    const writes: [string, string | null][] = JSON.parse(pairs);
    for (const [key, value] of writes)
      if (value === null) await ctx.stub.deleteState(key);
      else await ctx.stub.putState(key, bytes.encode(value));
  }

  /** Reads, then writes one more: two of these at the same time conflict. */
  @Transaction()
  @Returns('string')
  async count(ctx: Context, key: string): Promise<string> {
    const current = Number(text.decode(await ctx.stub.getState(key)) || '0') + 1;
    await ctx.stub.putState(key, bytes.encode(String(current)));
    ctx.stub.setEvent('Counted', bytes.encode(`${key}=${current}`));
    return String(current);
  }

  @Transaction()
  async countBoth(ctx: Context, first: string, second: string): Promise<void> {
    await this.count(ctx, first);
    await this.count(ctx, second);
  }

  @Transaction(false)
  @Returns('string')
  async get(ctx: Context, key: string): Promise<string> {
    return text.decode(await ctx.stub.getState(key));
  }

  @Transaction()
  async remove(ctx: Context, key: string): Promise<void> {
    await ctx.stub.deleteState(key);
  }

  /** Read-your-writes does not exist in Fabric: this answers with the value before the write. */
  @Transaction()
  @Returns('string')
  async putThenGet(ctx: Context, key: string, value: string): Promise<string> {
    await ctx.stub.putState(key, bytes.encode(value));
    return text.decode(await ctx.stub.getState(key));
  }

  @Transaction(false)
  @Returns('string')
  async list(ctx: Context, start: string, end: string): Promise<string> {
    const keys: string[] = [];
    for await (const { key } of ctx.stub.getStateByRange(start, end)) keys.push(key);
    return JSON.stringify(keys);
  }

  @Transaction(false)
  @Returns('string')
  async page(ctx: Context, start: string, end: string, size: number, bookmark: string): Promise<string> {
    // The shim gives no metadata where nothing was found, which its types do not say.
    const { iterator, metadata } = await ctx.stub.getStateByRangeWithPagination(start, end, size, bookmark);
    const keys: string[] = [];
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) keys.push(next.value.key);
    await iterator.close();
    return JSON.stringify({ keys, bookmark: metadata?.bookmark ?? '', count: metadata?.fetchedRecordsCount ?? 0 });
  }

  /** Writes how many keys a range holds: a key that appears in it meanwhile is a phantom. */
  @Transaction()
  @Returns('string')
  async tally(ctx: Context, start: string, end: string, target: string): Promise<string> {
    let count = 0;
    for await (const row of ctx.stub.getStateByRange(start, end)) count += row.key ? 1 : 0;
    await ctx.stub.putState(target, bytes.encode(String(count)));
    return String(count);
  }

  /** Counts a number of rows of a range and leaves the rest of it unread. */
  @Transaction()
  @Returns('string')
  async tallySome(ctx: Context, start: string, end: string, limit: number, target: string): Promise<string> {
    const iterator = await ctx.stub.getStateByRange(start, end);
    let count = 0;
    while (count < limit && !(await iterator.next()).done) count += 1;
    await iterator.close();
    await ctx.stub.putState(target, bytes.encode(String(count)));
    return String(count);
  }

  /** How many rows a range holds after a write into it in the same transaction. */
  @Transaction()
  @Returns('string')
  async putThenTally(ctx: Context, key: string, start: string, end: string): Promise<string> {
    await ctx.stub.putState(key, bytes.encode('x'));
    let count = 0;
    for await (const row of ctx.stub.getStateByRange(start, end)) count += row.key ? 1 : 0;
    return String(count);
  }

  @Transaction()
  async pageThenPut(ctx: Context, start: string, end: string, size: number): Promise<void> {
    await this.page(ctx, start, end, size, '');
    await ctx.stub.putState(start, bytes.encode('x'));
  }

  @Transaction()
  async putComposite(ctx: Context, kind: string, parts: string): Promise<void> {
    await ctx.stub.putState(ctx.stub.createCompositeKey(kind, JSON.parse(parts)), bytes.encode(parts));
  }

  @Transaction(false)
  @Returns('string')
  async listComposite(ctx: Context, kind: string, parts: string): Promise<string> {
    const found: string[] = [];
    for await (const row of ctx.stub.getStateByPartialCompositeKey(kind, JSON.parse(parts)))
      found.push(text.decode(row.value));
    return JSON.stringify(found);
  }

  @Transaction(false)
  @Returns('string')
  async history(ctx: Context, key: string): Promise<string> {
    const changes: unknown[] = [];
    for await (const { txId, value, isDelete, timestamp } of ctx.stub.getHistoryForKey(key))
      changes.push({
        txId,
        value: text.decode(value),
        isDelete,
        seconds: Number(timestamp.seconds),
        nanos: timestamp.nanos,
      });
    return JSON.stringify(changes);
  }

  /** Gives a key an endorsement policy of its own: the peers of all these organisations, whose MSPs are parted by spaces. */
  @Transaction()
  async setPolicy(ctx: Context, key: string, owners: string): Promise<void> {
    await ctx.stub.setStateValidationParameter(key, policyOf(owners));
  }

  @Transaction()
  async setRawPolicy(ctx: Context, key: string, text: string): Promise<void> {
    await ctx.stub.setStateValidationParameter(key, bytes.encode(text));
  }

  @Transaction()
  async putWithPolicy(ctx: Context, key: string, value: string, owners: string): Promise<void> {
    await this.put(ctx, key, value);
    await this.setPolicy(ctx, key, owners);
  }

  @Transaction(false)
  @Returns('string')
  async getPolicy(ctx: Context, key: string): Promise<string> {
    return ownersOf(await ctx.stub.getStateValidationParameter(key));
  }

  @Transaction()
  async setSecretPolicy(ctx: Context, collection: string, key: string, owners: string): Promise<void> {
    await ctx.stub.setPrivateDataValidationParameter(collection, key, policyOf(owners));
  }

  @Transaction(false)
  @Returns('string')
  async getSecretPolicy(ctx: Context, collection: string, key: string): Promise<string> {
    return ownersOf(await ctx.stub.getPrivateDataValidationParameter(collection, key));
  }

  /** Reads a key and writes another. */
  @Transaction()
  async readThenPut(ctx: Context, key: string, target: string): Promise<void> {
    await ctx.stub.getState(key);
    await ctx.stub.putState(target, bytes.encode('read'));
  }

  @Transaction()
  async putSecret(ctx: Context, collection: string, key: string): Promise<void> {
    const value = ctx.stub.getTransient().get('value');
    if (!value) throw new Error('transient value is missing');
    await ctx.stub.putPrivateData(collection, key, value);
  }

  @Transaction(false)
  @Returns('string')
  async getSecret(ctx: Context, collection: string, key: string): Promise<string> {
    return text.decode(await ctx.stub.getPrivateData(collection, key));
  }

  @Transaction(false)
  @Returns('string')
  async secretHash(ctx: Context, collection: string, key: string): Promise<string> {
    return Buffer.from(await ctx.stub.getPrivateDataHash(collection, key)).toString('hex');
  }

  @Transaction()
  async purgeSecret(ctx: Context, collection: string, key: string): Promise<void> {
    await ctx.stub.purgePrivateData(collection, key);
  }

  /** Reads a secret and writes a public value. */
  @Transaction()
  async readSecretThenPut(ctx: Context, collection: string, key: string, target: string): Promise<void> {
    await ctx.stub.getPrivateData(collection, key);
    await ctx.stub.putState(target, bytes.encode('read'));
  }

  @Transaction()
  async removeSecret(ctx: Context, collection: string, key: string): Promise<void> {
    await ctx.stub.deletePrivateData(collection, key);
  }

  /** Writes secrets whose keys follow one another; the value of each is its number. */
  @Transaction()
  async putSecrets(ctx: Context, collection: string, prefix: string, count: number): Promise<void> {
    for (let index = 0; index < count; index += 1)
      await ctx.stub.putPrivateData(
        collection,
        `${prefix}${String(index).padStart(4, '0')}`,
        bytes.encode(String(index)),
      );
  }

  @Transaction(false)
  @Returns('string')
  async listSecrets(ctx: Context, collection: string, start: string, end: string): Promise<string> {
    const found: [string, string][] = [];
    for await (const { key, value } of ctx.stub.getPrivateDataByRange(collection, start, end))
      found.push([key, text.decode(value)]);
    return JSON.stringify(found);
  }

  @Transaction()
  async putCompositeSecret(ctx: Context, collection: string, kind: string, parts: string): Promise<void> {
    await ctx.stub.putPrivateData(
      collection,
      ctx.stub.createCompositeKey(kind, JSON.parse(parts)),
      bytes.encode(parts),
    );
  }

  @Transaction(false)
  @Returns('string')
  async listCompositeSecrets(ctx: Context, collection: string, kind: string, parts: string): Promise<string> {
    const found: string[] = [];
    for await (const { value } of ctx.stub.getPrivateDataByPartialCompositeKey(collection, kind, JSON.parse(parts)))
      found.push(text.decode(value));
    return JSON.stringify(found);
  }

  @Transaction()
  async listSecretsThenPut(ctx: Context, collection: string, start: string, end: string): Promise<void> {
    await this.listSecrets(ctx, collection, start, end);
    await ctx.stub.putState(start, bytes.encode('x'));
  }

  @Transaction()
  async removeSecretThenList(ctx: Context, collection: string, key: string): Promise<void> {
    await ctx.stub.deletePrivateData(collection, key);
    await this.listSecrets(ctx, collection, key, '');
  }

  /** Puts a public value next to a secret, so that the chaincode's policy has to hold too. */
  @Transaction()
  async putBoth(ctx: Context, collection: string, key: string): Promise<void> {
    await this.putSecret(ctx, collection, key);
    await ctx.stub.putState(key, bytes.encode('public'));
  }

  @Transaction(false)
  @Returns('string')
  async callOther(ctx: Context, chaincode: string, channel: string, key: string): Promise<string> {
    const answer = await ctx.stub.invokeChaincode(chaincode, ['get', key], channel);
    return text.decode(answer.payload);
  }

  /** Calls any function of another chaincode; its refusal becomes this one's. */
  @Transaction()
  @Returns('string')
  async callFunction(
    ctx: Context,
    chaincode: string,
    channel: string,
    name: string,
    argument: string,
  ): Promise<string> {
    const answer = await ctx.stub.invokeChaincode(chaincode, [name, argument], channel);
    if (answer.status !== 200) throw new Error(`${answer.status} ${answer.message}`);
    return text.decode(answer.payload);
  }

  /** Counts with another chaincode, and notes the result in this one's state. */
  @Transaction()
  @Returns('string')
  async countOther(ctx: Context, chaincode: string, channel: string, key: string, own: string): Promise<string> {
    const result = await this.callFunction(ctx, chaincode, channel, 'count', key);
    await ctx.stub.putState(own, bytes.encode(result));
    return result;
  }

  /** A write on another channel is simulated there and dropped. */
  @Transaction()
  @Returns('string')
  async writeOther(ctx: Context, chaincode: string, channel: string, key: string): Promise<string> {
    const answer = await ctx.stub.invokeChaincode(chaincode, ['put', key, 'dropped'], channel);
    return String(answer.status);
  }

  @Transaction()
  async refuse(_ctx: Context, message: string): Promise<void> {
    throw new Error(message);
  }

  /** Another result on each organisation's peer. */
  @Transaction()
  async disagree(ctx: Context, key: string): Promise<void> {
    await ctx.stub.putState(key, bytes.encode(process.env.CORE_PEER_LOCALMSPID ?? ''));
  }

  @Transaction(false)
  @Returns('string')
  async hang(_ctx: Context): Promise<string> {
    return new Promise(() => {});
  }

  /** The organisation whose peer runs this. */
  @Transaction(false)
  @Returns('string')
  async whereami(ctx: Context): Promise<string> {
    return ctx.stub.getMspID();
  }

  @Transaction(false)
  @Returns('string')
  async whoami(ctx: Context): Promise<string> {
    return `${ctx.clientIdentity.getMSPID()} ${ctx.clientIdentity.getAttributeValue('role') ?? ''}`;
  }
}

export const contracts = [ProbeContract];
