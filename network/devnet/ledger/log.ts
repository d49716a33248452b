import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const blockBytes = 32 * 1024;
const headerBytes = 7;
const lastType = 4;

const table = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value >>> 0;
});

/** CRC-32C, masked as LevelDB stores it. */
function maskedCrc(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (table[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  crc = ~crc >>> 0;
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/**
 * Where LevelDB's write-ahead log (its log format: 32 KiB blocks of records with checksum, length, type) is damaged,
 * as an offset. A record cut short at the very end is what a killed process leaves, and is no damage.
 */
export function logDamage(bytes: Buffer): number | undefined {
  let at = 0;
  while (at + headerBytes <= bytes.length) {
    const leftInBlock = blockBytes - (at % blockBytes);
    if (leftInBlock < headerBytes) {
      at += leftInBlock;
      continue;
    }
    const length = bytes.readUInt16LE(at + 4);
    const type = bytes.readUInt8(at + 6);
    const end = at + headerBytes + length;
    if (type === 0 && length === 0) return bytes.subarray(at).every((byte) => byte === 0) ? undefined : at;
    if (type > lastType || headerBytes + length > leftInBlock) return at;
    if (end > bytes.length) return undefined;
    if (bytes.readUInt32LE(at) !== maskedCrc(bytes.subarray(at + 6, end))) return at;
    at = end;
  }
  return undefined;
}

/** Looks through the logs of a database that is not open. LevelDB would drop what follows a damage, for good. */
export function findLogDamage(folder: string): { file: string; offset: number } | undefined {
  for (const name of readdirSync(folder).filter((entry) => entry.endsWith('.log'))) {
    const offset = logDamage(readFileSync(join(folder, name)));
    if (offset !== undefined) return { file: name, offset };
  }
  return undefined;
}
