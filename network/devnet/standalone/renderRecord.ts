import { isPrintable, type TransactionRecord } from './transactionRecord.ts';

/** A key as it stands in a line: quoted where it holds spaces or what cannot be printed, such as a composite key's zeros. */
function shown(key: string): string {
  return key !== '' && isPrintable(key) && !/[\s"]/.test(key)
    ? key
    : JSON.stringify(key).replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}]/gu, escapeCharacter);
}

function escapeCharacter(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
}

const short = (hash: string) => hash.slice(0, 16);
const at = (version: string | null) => (version === null ? 'absent' : `of ${version}`);

/** A record as lines of plain text: the transaction, then what it read and wrote, indented. */
export function renderRecord(record: TransactionRecord): string {
  const { channel, block, tx, code, creator, chaincode, time, txId, type, event } = record;
  const call = chaincode ? [chaincode, record.function ?? ''].filter(Boolean).join(' ') : type;
  // The first block of a channel names no creator, as configtxgen writes it.
  const said = [channel, `${block}.${tx}`, code, creator, call, time ?? ''];
  const lines = [said.filter((part) => part !== '').join(' ')];
  if (txId) lines.push(`txid ${txId}`);
  for (const item of record.reads) lines.push(`read ${item.chaincode} ${shown(item.key)} ${at(item.version)}`);
  for (const item of record.ranges)
    lines.push(
      `range ${item.chaincode} ${shown(item.start)} to ${shown(item.end)}${item.keys === undefined ? '' : `, ${item.keys} keys`}`,
    );
  for (const item of record.writes)
    lines.push(`${item.deleted ? 'delete' : 'write'} ${item.chaincode} ${shown(item.key)}${size(item)}`);
  for (const item of record.metadata) lines.push(`metadata ${item.chaincode} ${shown(item.key)}`);
  for (const item of record.privateReads)
    lines.push(`private read ${item.chaincode} ${item.collection} key ${short(item.keyHash)} ${at(item.version)}`);
  for (const item of record.privateWrites)
    lines.push(
      `private ${item.change} ${item.chaincode} ${item.collection} key ${short(item.keyHash)}` +
        (item.change === 'put' ? ` value ${short(item.valueHash)}` : ''),
    );
  if (event) lines.push(`event ${shown(event.name)}${size(event)}`);
  return lines.map((line, index) => (index === 0 ? line : `  ${line}`)).join('\n');
}

function size(item: { bytes: number; deleted?: boolean }): string {
  return item.deleted ? '' : `, ${item.bytes} bytes`;
}
