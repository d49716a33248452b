import common from '@hyperledger/fabric-protos/lib/common/common_pb.js';
import chaincode from '@hyperledger/fabric-protos/lib/peer/chaincode_pb.js';
import proposals from '@hyperledger/fabric-protos/lib/peer/proposal_pb.js';
import transactions from '@hyperledger/fabric-protos/lib/peer/transaction_pb.js';
import { type Bytes, concat, copyBytes, equalBytes } from '../bytes.ts';
import { sha256 } from '../derive.ts';
import { CryptoError } from '../errors.ts';

/** A block of a channel whose content has the hash that its header names. */
export interface OpenedBlock {
  number: number;
  /** SHA-256 of the header (`protoutil.BlockHeaderBytes`), by which the next block names this one. */
  hash: Bytes;
  previousHash: Bytes;
  dataHash: Bytes;
  block: common.Block;
}

/**
 * Reads a `common.Block` and checks that its content is what its header says. Throws `BLOCK_MISMATCH` with `number` or `data`.
 * That the block is of the channel's chain says only the next block, by its `previousHash`.
 */
export function openBlock(bytes: Uint8Array, number: number): OpenedBlock {
  const block = common.Block.deserializeBinary(bytes);
  const header = block.getHeader();
  if (header === undefined || header.getNumber() !== number) throw new CryptoError('BLOCK_MISMATCH', 'number');
  const dataHash = copyBytes(header.getDataHash_asU8());
  const envelopes = block.getData()?.getDataList_asU8() ?? [];
  if (!equalBytes(sha256(concat(...envelopes)), dataHash)) throw new CryptoError('BLOCK_MISMATCH', 'data');
  const previousHash = copyBytes(header.getPreviousHash_asU8());
  return { number, previousHash, dataHash, block, hash: sha256(headerBytes(number, previousHash, dataHash)) };
}

/**
 * Hash of the header of a block that holds that valid transaction. Throws `BLOCK_MISMATCH` where its content is not what its header
 * says, or the transaction is not in it or not valid.
 */
export function blockHashOf(bytes: Uint8Array, transactionId: string): Bytes {
  const opened = openBlock(bytes, common.Block.deserializeBinary(bytes).getHeader()?.getNumber() ?? -1);
  callIn(opened, transactionId);
  return opened.hash;
}

/** DER of `SEQUENCE { INTEGER number, OCTET STRING previousHash, OCTET STRING dataHash }`. */
function headerBytes(number: number, previousHash: Uint8Array, dataHash: Uint8Array): Bytes {
  const content = concat(der(0x02, integer(number)), der(0x04, previousHash), der(0x04, dataHash));
  return der(0x30, content);
}

function der(tag: number, content: Uint8Array): Bytes {
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return concat(Uint8Array.from([tag, ...size]), content);
}

/** Big-endian, as short as it can be, with a leading zero where the first bit would make it negative. */
function integer(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let left = value; left > 0 || bytes.length === 0; left = Math.floor(left / 0x100)) bytes.unshift(left % 0x100);
  if ((bytes[0] ?? 0) >= 0x80) bytes.unshift(0);
  return Uint8Array.from(bytes);
}

/** The function that a valid transaction of a block called, and its arguments. Throws `BLOCK_MISMATCH` with `transaction`. */
export function callIn({ block }: OpenedBlock, transactionId: string): { contract: string; args: Uint8Array[] } {
  const codes = block.getMetadata()?.getMetadataList_asU8()[common.BlockMetadataIndex.TRANSACTIONS_FILTER];
  for (const [index, bytes] of (block.getData()?.getDataList_asU8() ?? []).entries()) {
    const payload = common.Payload.deserializeBinary(common.Envelope.deserializeBinary(bytes).getPayload_asU8());
    const header = common.ChannelHeader.deserializeBinary(
      payload.getHeader()?.getChannelHeader_asU8() ?? new Uint8Array(),
    );
    // Zero: valid.
    if (header.getTxId() !== transactionId || codes?.[index] !== 0) continue;
    const [action] = transactions.Transaction.deserializeBinary(payload.getData_asU8()).getActionsList();
    if (action === undefined) break;
    const proposed = transactions.ChaincodeActionPayload.deserializeBinary(action.getPayload_asU8());
    const input = proposals.ChaincodeProposalPayload.deserializeBinary(proposed.getChaincodeProposalPayload_asU8());
    const spec = chaincode.ChaincodeInvocationSpec.deserializeBinary(input.getInput_asU8()).getChaincodeSpec();
    return {
      contract: spec?.getChaincodeId()?.getName() ?? '',
      args: spec?.getInput()?.getArgsList_asU8() ?? [],
    };
  }
  throw new CryptoError('BLOCK_MISMATCH', 'transaction');
}
