import { describe, expect, it } from 'vitest';
import { CryptoError } from '../errors.ts';
import { createCircle } from './join.ts';
import { patient, type TestLedger, testCircle } from './testCircle.ts';

const device = 'dev-bbbbbbbbbbbbbbbbbbbbbbbbbb';
const doctor = 'prac-cccccccccccccccccccccccccc';

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof CryptoError ? `${error.code} ${error.detail}`.trim() : Promise.reject(error)),
  );

/** The patient, a device and a doctor; not all of them have followed the last to join. */
async function threeOfThem() {
  const { ledger, owner } = await testCircle();
  const sensor = await ledger.take(await ledger.join(await ledger.person(device)));
  const signer = await ledger.person(doctor);
  const clinician = await ledger.take(await ledger.join(signer));
  return { ledger, owner, sensor, clinician, signer };
}

describe('who may not be in it', () => {
  const now = new Date();
  const later = new Date(now.getTime() + 2 * 365 * 86_400_000);
  const cases: [string, (ledger: TestLedger) => void][] = [
    ['absent', (ledger) => ledger.standings.delete(doctor)],
    ['suspended', (ledger) => ledger.suspend(doctor)],
    ['wrong-key', (ledger) => ledger.change(doctor, { signingKeyHash: '0'.repeat(64) })],
    ['no-seat', (ledger) => ledger.change(doctor, { seat: undefined })],
    ['no-seat', (ledger) => ledger.change(doctor, { seat: { until: now.toISOString() } })],
    ['expired', (ledger) => ledger.change(doctor, { licence: { validFrom: '2020-01-01', validTo: '2021-01-01' } })],
    ['untrusted', (ledger) => ledger.roots.splice(0)],
  ];

  it.each(cases)('does not join: %s', async (reason, change) => {
    const { ledger } = await testCircle();
    const signer = await ledger.person(doctor);
    change(ledger);
    expect(await refusal(ledger.join(signer))).toBe(`CIRCLE_CREDENTIAL ${doctor} ${reason}`);
    const { authenticate } = ledger;
    const own = createCircle({ patient, generation: 2, signer, authenticate });
    expect(await refusal(own)).toBe(`CIRCLE_CREDENTIAL ${doctor} ${reason}`);
  });

  it('does not join with a certificate that is over', async () => {
    const { ledger } = await testCircle();
    const signer = await ledger.person(doctor);
    ledger.now = later;
    expect(await refusal(ledger.join(signer))).toBe(`CIRCLE_CREDENTIAL ${doctor} expired`);
  });

  it.each(cases.slice(0, -1))('is nobody to seal for, and removed before anything else: %s', async (reason, change) => {
    const { ledger, owner, sensor, clinician } = await threeOfThem();
    change(ledger);
    // It is followed all the same: only who is in the epoch can remove anybody.
    await ledger.follow(owner);
    await ledger.follow(sensor);
    const outcome = `CIRCLE_CREDENTIAL ${doctor} ${reason}`;
    expect((await sensor.unfit()).map((each) => [each.leaf, each.reason])).toEqual([[clinician.leaf, reason]]);
    expect(await refusal(sensor.sealingKey())).toBe(outcome);
    expect(await refusal(sensor.refresh())).toBe(outcome);
    expect(await refusal(sensor.remove([owner.leaf]))).toBe(outcome);
    await ledger.takeChange(await sensor.remove([clinician.leaf]));
    await ledger.follow(owner);
    expect(await refusal(ledger.follow(clinician))).toBe('CIRCLE_REMOVED');
    expect(await sensor.sealingKey()).toEqual(owner.exportKey());
  });

  it('stays for a reason that is tolerated, and is still nobody to seal for', async () => {
    const { ledger, sensor, clinician } = await threeOfThem();
    await ledger.follow(sensor);
    ledger.change(doctor, { signingKeyHash: '0'.repeat(64) });
    await ledger.takeChange(await sensor.refresh(['wrong-key']));
    expect(await refusal(sensor.sealingKey())).toBe(`CIRCLE_CREDENTIAL ${doctor} wrong-key`);
    expect(sensor.leaves().map(({ leaf }) => leaf)).toContain(clinician.leaf);
  });
});
