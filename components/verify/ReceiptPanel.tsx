import { Facts, Hash } from '#components/ui/Facts.tsx';
import { formatDateTime, formatNumber } from '#components/ui/format.ts';
import { Notice } from '#components/ui/Notice.tsx';
import { Panel } from '#components/ui/Panel.tsx';
import type { Receipt } from '#crypto/receipt.ts';
import { t } from '#messages/en.ts';
import type { CheckedReceipt } from './checkReceipt.ts';

const text = t.verify.receipt;

/** What came of a receipt: the verdict in words, then what the notaries have signed. What is not genuine shows nothing. */
export function ReceiptPanel({ checked }: { checked: CheckedReceipt }) {
  if (checked.outcome === 'forged')
    return (
      <Notice tone="danger" title={text.forged} live="alert">
        <p>{text.forgedBody}</p>
      </Notice>
    );
  const { receipt, notaries, threshold } = checked;
  const { dispenses } = receipt.record;
  return (
    <div className="space-y-5">
      <Notice tone="ok" title={text.genuine} live="status">
        <p>{text.genuineBody(formatNumber(notaries.length), formatNumber(threshold))}</p>
      </Notice>
      <Panel label={text.says}>
        <h2 className="mb-3 font-bold">{text.says}</h2>
        <Facts rows={rowsOf(receipt)} />
      </Panel>
      <Panel label={text.dispenses}>
        <h2 className="mb-3 font-bold">{text.dispenses}</h2>
        {dispenses.length === 0 ? (
          <p className="text-sm text-ink-2">{text.nothing}</p>
        ) : (
          <ul className="divide-y divide-line">
            {dispenses.map(({ id, quantity, packs, at, institutionId, contentHash }) => (
              <li key={id} className="grid gap-x-4 gap-y-0.5 py-2.5 text-sm sm:grid-cols-[9rem_1fr]">
                <span className="font-bold">{text.units(formatNumber(quantity))}</span>
                <span className="min-w-0 space-y-0.5">
                  <span className="block">
                    {formatDateTime(at)}
                    {packs !== undefined && ` · ${text.packs(packs)}`}
                  </span>
                  <Hash>{institutionId}</Hash>
                  <span className="block text-ink-3">
                    {text.content} <Hash>{contentHash}</Hash>
                  </span>
                </span>
              </li>
            ))}
          </ul>
        )}
      </Panel>
      <Panel label={text.signed}>
        <h2 className="mb-3 font-bold">{text.signed}</h2>
        <Facts rows={signedRows(receipt, notaries)} />
      </Panel>
    </div>
  );
}

function rowsOf({ record }: Receipt) {
  const { id, state, endedAt, heldBy, authorInstitution, authoredOn, quantity, fills, left } = record;
  return [
    { name: text.prescription, value: <Hash>{id}</Hash>, copy: id },
    { name: text.state, value: state === 'completed' && left > 0 ? text.states.short : text.states[state] },
    { name: text.endedAt, value: formatDateTime(endedAt) },
    ...(heldBy === undefined ? [] : [{ name: text.heldBy, value: <Hash>{heldBy}</Hash> }]),
    { name: text.author, value: <Hash>{authorInstitution}</Hash> },
    { name: text.authoredOn, value: formatDateTime(authoredOn) },
    { name: text.prescribed, value: text.prescribedUnits(formatNumber(quantity), fills) },
    { name: text.left, value: text.units(formatNumber(left)) },
  ];
}

function signedRows({ record, channel, blockHash }: Receipt, notaries: string[]) {
  return [
    {
      name: text.notaries,
      value: notaries.map((address) => (
        <span key={address} className="block">
          <Hash>{address}</Hash>
        </span>
      )),
      copy: notaries.join(' '),
    },
    { name: text.ledger, value: text.version(channel, record.version) },
    { name: text.block, value: <Hash>{blockHash}</Hash>, copy: blockHash },
  ];
}
