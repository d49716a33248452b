import { expect, it } from 'vitest';
import { eventHash } from '#epcis/hash.ts';
import { dispensingPlan } from '#server/dispensing/schema.ts';
import { ledgerCall, transactionIntent } from '#server/transactions/schema.ts';
import { chainsOf } from './composePlan.ts';
import { intentOf, questionOf } from './planSteps.ts';

const pack = (serial: string, channel: string) => ({
  ...{ gtin: '09506000134352', serial, batch: 'LOT7', expiry: '2027-06-30', channel },
});
const id = 'a'.repeat(26);
const now = new Date('2026-11-27T10:00:00Z');
const chains = chainsOf([pack('B', 'supply-1'), pack('A', 'supply-0'), pack('C', 'supply-1')], {
  ...{ site: '9506000134369', at: now, timeZoneOffset: '+01:00' },
});
const plan = dispensingPlan.parse({
  medicine: 'Amoxicillin',
  reserve: {
    kind: 'reserve',
    id: `rx-0-${id}`,
    reservation: { dispenseId: `disp-${id}`, quantity: 3, packs: 3, packsHash: '0'.repeat(64) },
  },
  dispense: {
    kind: 'dispense',
    id: `rx-0-${id}`,
    dispense: { id: `disp-${id}`, quantity: 3, cid: `b${'a'.repeat(58)}`, contentHash: '0'.repeat(64) },
    envelope: 'AAAA',
  },
  chains,
});

it('has one event to take packs out and one to hand them over on each channel', () => {
  expect(plan.chains.map(({ channel, packs }) => [channel, packs.map(({ serial }) => serial)])).toEqual([
    ['supply-0', ['A']],
    ['supply-1', ['B', 'C']],
  ]);
  const [, chain] = plan.chains;
  expect(chain?.decommission).toMatchObject({
    ...{ action: 'DELETE', bizStep: 'decommissioning', disposition: 'inactive' },
    epcList: ['https://id.gs1.org/01/09506000134352/21/B', 'https://id.gs1.org/01/09506000134352/21/C'],
    readPoint: { id: 'https://id.gs1.org/414/9506000134369' },
  });
  expect(chain?.handOver).toMatchObject({ action: 'DELETE', bizStep: 'dispensing', disposition: 'dispensed' });
});

it('signs the very same each time, so that the ledgers take it once', () => {
  const kept = dispensingPlan.parse(JSON.parse(JSON.stringify(plan)));
  const steps = [
    ...(['reserve', 'dispense', 'release'] as const).map((kind) => ({ kind })),
    ...(['decommission', 'handOver'] as const).map((kind) => ({ kind, chain: 1 })),
  ];
  for (const step of steps) {
    const intent = intentOf(plan, step, now);
    expect(transactionIntent.safeParse(intent).success).toBe(true);
    expect(ledgerCall(intentOf(kept, step, new Date()))).toEqual(ledgerCall(intent));
  }
  expect(questionOf(kept)).toEqual(questionOf(plan));
});

it('undoes by declaring the same event wrong', () => {
  const intent = intentOf(plan, { kind: 'undo', chain: 0 }, now);
  if (intent.kind !== 'capture') throw new Error('not a capture');
  const [event] = intent.events;
  expect(event?.errorDeclaration).toMatchObject({ reason: 'did_not_occur' });
  expect(event && eventHash(event)).toBe(questionOf(plan).chains[0]?.decommission);
});

it('says nothing on any supply channel of prescription, dispense or patient', () => {
  for (const kind of ['decommission', 'handOver', 'undo'] as const) {
    const call = ledgerCall(intentOf(plan, { kind, chain: 1 }, now));
    expect(call.channel).toBe('supply-1');
    expect(JSON.stringify(call.args)).not.toMatch(/rx-|disp-|pt-/);
  }
});
