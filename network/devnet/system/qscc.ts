import { common, peer } from '@hyperledger/fabric-protos';
import type { ChannelStore, TransactionStatus } from '../ledger/store.ts';
import { denial, type SystemCall, SystemChaincodeError, textOf } from './call.ts';

const newest = 2n ** 64n - 1n;

/** Fabric's chaincode that reads a peer's ledger (core/scc/qscc). Answers with the result's bytes. */
export async function qscc(call: SystemCall): Promise<Uint8Array> {
  const { args, joined } = call;
  if (args.length < 2) throw new SystemChaincodeError(`Incorrect number of arguments, ${args.length}`);
  const [name, channelName] = [textOf(args[0]), textOf(args[1])];
  const argument = args[2];
  if (name !== 'GetChainInfo' && argument === undefined)
    throw new SystemChaincodeError(`missing 3rd argument for ${name}`);
  const store = joined.get(channelName)?.store;
  if (!store) throw new SystemChaincodeError(`Invalid chain ID, ${channelName}`);
  const read = functions.get(name);
  const denied = read ? denial(call, channelName, '/Channel/Application/Readers') : `Unmapped policy for qscc/${name}`;
  if (denied !== undefined || !read)
    throw new SystemChaincodeError(`access denied for [${name}][${channelName}]: [${denied}]`);
  return read(store, argument ?? new Uint8Array());
}

const functions = new Map<string, (store: ChannelStore, argument: Uint8Array) => Uint8Array | Promise<Uint8Array>>([
  ['GetChainInfo', (store) => chainInfo(store)],
  ['GetBlockByNumber', blockByNumber],
  ['GetBlockByHash', blockByHash],
  ['GetTransactionByID', transactionById],
  ['GetBlockByTxID', blockByTransaction],
]);

function chainInfo(store: ChannelStore): Uint8Array {
  const info = new common.BlockchainInfo();
  info.setHeight(store.height);
  info.setCurrentblockhash(store.hash);
  info.setPreviousblockhash(
    store
      .block(store.height - 1)
      ?.getHeader()
      ?.getPreviousHash_asU8() ?? new Uint8Array(),
  );
  return info.serializeBinary();
}

function blockByNumber(store: ChannelStore, argument: Uint8Array): Uint8Array {
  const text = textOf(argument);
  const parsing = (why: string) =>
    new SystemChaincodeError(
      `Failed to parse block number with error strconv.ParseUint: parsing ${JSON.stringify(text)}: ${why}`,
    );
  if (!/^\d+$/.test(text)) throw parsing('invalid syntax');
  const number = BigInt(text);
  if (number > newest) throw parsing('value out of range');
  const bytes = store.blockBytes(number === newest ? store.height - 1 : Number(number));
  if (bytes) return bytes;
  throw new SystemChaincodeError(
    `Failed to get block number ${number}, error no such block number [${number}] in index`,
  );
}

/** There is no index of hashes: each block carries the hash of the one before it, and the newest are looked at first. */
async function blockByHash(store: ChannelStore, hash: Uint8Array): Promise<Uint8Array> {
  let following = Buffer.from(store.hash);
  for (let number = store.height - 1; number >= 0; number -= 1) {
    const bytes = store.blockBytes(number);
    if (!bytes) break;
    if (following.equals(hash)) return bytes;
    const header = common.Block.deserializeBinary(bytes).getHeader();
    following = Buffer.from(header?.getPreviousHash_asU8() ?? []);
    // A long chain must not keep the node from its other work.
    if (number % 64 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  throw new SystemChaincodeError(
    `Failed to get block hash ${textOf(hash)}, error no such block hash [${Buffer.from(hash).toString('hex')}] in index`,
  );
}

function find(store: ChannelStore, txId: string, what: string): { bytes: Buffer; place: TransactionStatus } {
  const place = store.transaction(txId);
  const bytes = place && store.blockBytes(place.block);
  if (!place || !bytes)
    throw new SystemChaincodeError(`Failed to get ${what} ${txId}, error no such transaction ID [${txId}] in index`);
  return { bytes, place };
}

function transactionById(store: ChannelStore, argument: Uint8Array): Uint8Array {
  const { bytes, place } = find(store, textOf(argument), 'transaction with id');
  const envelope = common.Block.deserializeBinary(bytes).getData()?.getDataList_asU8()[place.tx] ?? new Uint8Array();
  const processed = new peer.ProcessedTransaction();
  processed.setTransactionenvelope(common.Envelope.deserializeBinary(envelope));
  processed.setValidationcode(place.code);
  return processed.serializeBinary();
}

function blockByTransaction(store: ChannelStore, argument: Uint8Array): Uint8Array {
  return find(store, textOf(argument), 'block for txID').bytes;
}
