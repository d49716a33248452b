import { describe, expect, it } from 'vitest';
import { newIdentifier, newPseudonym } from '#crypto/identifier.ts';
import { monitoringSentences } from './monitoringWords.ts';

const patient = newPseudonym(0);
const [device, doctor] = [newIdentifier('dev'), newIdentifier('prac')];
const names = { [patient]: 'Mara Lind', [device]: 'Home hub', [doctor]: 'Dr. Ilse Brandt' };
const place = { patient, generation: 1, cid: '', contentHash: '', keyCommitment: '' };
const leaf = { leaf: 'a'.repeat(32), subject: device, keyHash: '' };

describe('the sentence before a step of watching is signed', () => {
  it('says who takes part, for whom, until when', () => {
    const seat = monitoringSentences['circles:seat'];
    expect(seat({ kind: 'circles:seat', seat: { patient, subject: device } }, names)).toMatch(
      /^Let the device Home hub .* Mara Lind.*remove/,
    );
    const until = '2027-03-01T10:00:00.000Z';
    expect(seat({ kind: 'circles:seat', seat: { patient, subject: doctor, until } }, names)).toMatch(
      /^Let Dr. Ilse Brandt read everything.*Mara Lind.*until 1 Mar 2027\.$/,
    );
    expect(
      monitoringSentences['circles:unseat']({ kind: 'circles:unseat', patient, subject: doctor }, names),
    ).toContain('unreadable there');
  });

  it('tells the beginning of a circle from a joining, a removal and a change of key alone', () => {
    const commit = monitoringSentences['circles:commit'];
    const say = (epoch: number, added: (typeof leaf)[], removed: string[]) =>
      commit({ kind: 'circles:commit', commit: { ...place, epoch, added, removed } }, names);
    const said = [say(0, [leaf], []), say(1, [leaf], []), say(2, [], ['a', 'b']), say(3, [], [])];
    expect(new Set(said).size).toBe(4);
    expect(said[2]).toContain('without 2 screens and devices');
    for (const sentence of said) expect(sentence).toContain('Mara Lind');
  });
});
