import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { ChaincodeConfig } from '../devnet/config.ts';

/** A chaincode package for a peer, with the id under which the peer will know it and the chaincode process must register. */
export interface ChaincodePackage {
  packageId: string;
  bytes: Buffer;
}

/**
 * The package that tells an organisation's peer where its chaincode process listens (chaincode as a service). The same chaincode,
 * version and address give the same bytes at any time, and so the same id. Throws where the chaincode has no address there.
 */
export function packageChaincode(chaincode: ChaincodeConfig, mspId: string): ChaincodePackage {
  const { name, version, addresses } = chaincode;
  const address = addresses[mspId];
  if (address === undefined) throw new Error(`${name} has no address at ${mspId}.`);
  const label = `${name}_${version}`;
  const connection = { address, dial_timeout: '10s', tls_required: false };
  const code = gzipSync(tar({ 'connection.json': JSON.stringify(connection) }));
  const bytes = gzipSync(tar({ 'metadata.json': JSON.stringify({ type: 'ccaas', label }), 'code.tar.gz': code }));
  return { packageId: `${label}:${createHash('sha256').update(bytes).digest('hex')}`, bytes };
}

/** A tar archive (ustar) of regular files, without times and owners. */
function tar(files: Record<string, string | Buffer>): Buffer {
  const blocks: Buffer[] = [];
  for (const [name, content] of Object.entries(files)) {
    const bytes = Buffer.from(content);
    const header = Buffer.alloc(512);
    const octal = (value: number, at: number, digits: number) =>
      header.write(value.toString(8).padStart(digits, '0'), at, 'ascii');
    header.write(name, 0, 'ascii');
    octal(0o644, 100, 7);
    octal(0, 108, 7);
    octal(0, 116, 7);
    octal(bytes.length, 124, 11);
    octal(0, 136, 11);
    header.write('        0', 148, 'ascii');
    header.write('ustar\u000000', 257, 'ascii');
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\u0000 `, 148, 'ascii');
    blocks.push(header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512));
  }
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}
