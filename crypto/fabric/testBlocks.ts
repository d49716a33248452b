import common from '@hyperledger/fabric-protos/lib/common/common_pb.js';
import chaincode from '@hyperledger/fabric-protos/lib/peer/chaincode_pb.js';
import proposals from '@hyperledger/fabric-protos/lib/peer/proposal_pb.js';
import transactions from '@hyperledger/fabric-protos/lib/peer/transaction_pb.js';
import { concat, utf8 } from '../bytes.ts';
import { sha256 } from '../derive.ts';

/** Blocks for tests. */

/** A transaction of a chaincode, as far as readers of blocks look into it. */
export function envelopeOf(transactionId: string, args: string[]): Uint8Array {
  const input = new chaincode.ChaincodeInput();
  input.setArgsList(args.map((arg) => utf8(arg)));
  const spec = new chaincode.ChaincodeSpec();
  spec.setInput(input);
  const invocation = new chaincode.ChaincodeInvocationSpec();
  invocation.setChaincodeSpec(spec);
  const proposed = new proposals.ChaincodeProposalPayload();
  proposed.setInput(invocation.serializeBinary());
  const payload = new transactions.ChaincodeActionPayload();
  payload.setChaincodeProposalPayload(proposed.serializeBinary());
  const action = new transactions.TransactionAction();
  action.setPayload(payload.serializeBinary());
  const transaction = new transactions.Transaction();
  transaction.setActionsList([action]);
  const channelHeader = new common.ChannelHeader();
  channelHeader.setTxId(transactionId);
  const header = new common.Header();
  header.setChannelHeader(channelHeader.serializeBinary());
  const whole = new common.Payload();
  whole.setHeader(header);
  whole.setData(transaction.serializeBinary());
  const made = new common.Envelope();
  made.setPayload(whole.serializeBinary());
  return made.serializeBinary();
}

/** A block with these transactions; `codes` are their validation codes, zero for valid. */
export function blockOf(number: number, previousHash: Uint8Array, envelopes: Uint8Array[], codes = [0]): Uint8Array {
  const header = new common.BlockHeader();
  header.setNumber(number);
  header.setPreviousHash(previousHash);
  header.setDataHash(sha256(concat(...envelopes)));
  const data = new common.BlockData();
  data.setDataList(envelopes);
  const metadata = new common.BlockMetadata();
  metadata.setMetadataList([new Uint8Array(), new Uint8Array(), Uint8Array.from(codes)]);
  const block = new common.Block();
  block.setHeader(header);
  block.setData(data);
  block.setMetadata(metadata);
  return block.serializeBinary();
}
