import { createHash, randomBytes } from 'node:crypto';
import { common } from '@hyperledger/fabric-protos';
import type { SigningIdentity } from '../identity/membership.ts';
import { sha256 } from './hash.ts';

/** Places in a block's metadata (common.BlockMetadataIndex). */
export const metadataIndex = {
  signatures: 0,
  lastConfig: 1,
  transactionsFilter: 2,
  orderer: 3,
  commitHash: 4,
} as const;

function derLength(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest >>>= 8) bytes.unshift(rest & 0xff);
  return Buffer.of(0x80 | bytes.length, ...bytes);
}

function der(tag: number, body: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(tag), derLength(body.length), body]);
}

/** DER of SEQUENCE { number, previousHash, dataHash }, the bytes that a block's hash and signature cover. */
export function headerBytes(header: common.BlockHeader): Buffer {
  let hex = BigInt(header.getNumber()).toString(16);
  if (hex.length % 2) hex = `0${hex}`;
  let number = Buffer.from(hex, 'hex');
  if ((number[0] ?? 0) >= 0x80) number = Buffer.concat([Buffer.of(0), number]);
  return der(
    0x30,
    Buffer.concat([der(0x02, number), der(0x04, header.getPreviousHash_asU8()), der(0x04, header.getDataHash_asU8())]),
  );
}

/** SHA-256 over the header's DER bytes. */
export function blockHash(header: common.BlockHeader): Buffer {
  return sha256(headerBytes(header));
}

/** SHA-256 over the envelopes, one after the other. */
export function dataHash(envelopes: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const envelope of envelopes) hash.update(envelope);
  return hash.digest();
}

/** Builds a block, signed by the orderer, whose transactions are not validated yet. */
export function buildBlock(options: {
  number: number;
  previousHash: Uint8Array;
  envelopes: Uint8Array[];
  orderer: SigningIdentity;
  /** Number of the last block with a configuration, which may be this one. */
  lastConfig: number;
}): common.Block {
  const header = new common.BlockHeader();
  header.setNumber(options.number);
  header.setPreviousHash(options.previousHash);
  header.setDataHash(dataHash(options.envelopes));
  const data = new common.BlockData();
  data.setDataList(options.envelopes);
  const metadata = new common.BlockMetadata();
  const none = new Uint8Array();
  const lastConfig = new common.LastConfig();
  lastConfig.setIndex(options.lastConfig);
  const lastConfigMetadata = new common.Metadata();
  lastConfigMetadata.setValue(lastConfig.serializeBinary());
  metadata.setMetadataList([
    signatureMetadata(header, options.orderer, lastConfig),
    lastConfigMetadata.serializeBinary(),
    none,
    none,
    none,
  ]);
  const block = new common.Block();
  block.setHeader(header);
  block.setData(data);
  block.setMetadata(metadata);
  return block;
}

function signatureMetadata(
  header: common.BlockHeader,
  orderer: SigningIdentity,
  lastConfig: common.LastConfig,
): Uint8Array {
  const value = new common.OrdererBlockMetadata();
  value.setLastConfig(lastConfig);
  const valueBytes = value.serializeBinary();
  const signatureHeader = new common.SignatureHeader();
  signatureHeader.setCreator(orderer.bytes);
  signatureHeader.setNonce(randomBytes(24));
  const signatureHeaderBytes = signatureHeader.serializeBinary();
  const signature = new common.MetadataSignature();
  signature.setSignatureHeader(signatureHeaderBytes);
  signature.setSignature(orderer.sign(Buffer.concat([valueBytes, signatureHeaderBytes, headerBytes(header)])));
  const metadata = new common.Metadata();
  metadata.setValue(valueBytes);
  metadata.setSignaturesList([signature]);
  return metadata.serializeBinary();
}

/** Number of the last block with a configuration, as of this block and by what the orderer has signed. */
export function lastConfigOf(block: common.Block): number {
  const bytes = block.getMetadata()?.getMetadataList_asU8()[metadataIndex.signatures] ?? new Uint8Array();
  const value = common.Metadata.deserializeBinary(bytes).getValue_asU8();
  return common.OrdererBlockMetadata.deserializeBinary(value).getLastConfig()?.getIndex() ?? 0;
}

/** The signatures of a block, each with the bytes that it covers and its creator (SerializedIdentity bytes). */
export function blockSignatures(
  block: common.Block,
): { creator: Uint8Array; message: Uint8Array; signature: Uint8Array }[] {
  const header = block.getHeader();
  const bytes = block.getMetadata()?.getMetadataList_asU8()[metadataIndex.signatures];
  if (!header || !bytes) return [];
  const metadata = common.Metadata.deserializeBinary(bytes);
  return metadata.getSignaturesList().map((signature) => ({
    creator: common.SignatureHeader.deserializeBinary(signature.getSignatureHeader_asU8()).getCreator_asU8(),
    message: Buffer.concat([metadata.getValue_asU8(), signature.getSignatureHeader_asU8(), headerBytes(header)]),
    signature: signature.getSignature_asU8(),
  }));
}

/** Writes the validation codes into the block's metadata, one byte for each transaction. */
export function setValidationCodes(block: common.Block, codes: readonly number[]): void {
  const metadata = block.getMetadata() ?? new common.BlockMetadata();
  const list = metadata.getMetadataList_asU8();
  list[metadataIndex.transactionsFilter] = Uint8Array.from(codes);
  metadata.setMetadataList(list);
  block.setMetadata(metadata);
}

export function validationCodes(block: common.Block): Uint8Array {
  return block.getMetadata()?.getMetadataList_asU8()[metadataIndex.transactionsFilter] ?? new Uint8Array();
}
