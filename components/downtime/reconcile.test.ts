import { describe, expect, it } from 'vitest';
import { chainsOf } from '#components/dispensing/composePlan.ts';
import { runDispensing } from '#components/dispensing/runDispensing.ts';
import { VaultError } from '#components/vault/errors.ts';
import { packSize, products } from '#formulary/products.ts';
import type { DispensingPlan, DispensingStanding } from '#server/dispensing/schema.ts';
import { type DowntimeLine, type DowntimeProgress, downtimeProgress, nothingYet } from './entry.ts';
import { noteOf } from './noteOf.ts';
import { type Composing, type ReconcilePort, reconcileLine } from './reconcile.ts';
import { lineOf, pack, prescriptionId, requestOf, verdictOf } from './testing.ts';

type Where = 'active' | 'decommissioned' | 'dispensed';

/** Care and one supply channel, as far as they matter to one prescription of 24 units and one pack of it. */
class Ledgers {
  /** What the signed records say of the log. */
  notes: string[] = [];
  /** Ids of the hand-overs of which there is something to bill by. */
  billable: string[] = [];
  unbilled: string | undefined;
  state: 'active' | 'accepted' | 'completed' = 'active';
  refusal: string | undefined;
  holder: 'own' | 'other' | undefined;
  left = 24;
  reservation: string | undefined;
  dispenses: string[] = [];
  pack: Where = 'active';
  holderOfPack = 'inst-own';
  keptPlans = new Set<string>();
}

class Killed extends Error {}

/** A browser that goes away at its operation of a number, before or after it is done. */
class Browser implements ReconcilePort {
  readonly own = 'inst-own';
  readonly ledgers: Ledgers;
  readonly disk: Map<number, DowntimeProgress>;
  killAt: number;
  isDone: boolean;
  made = 0;
  count = 0;

  constructor(ledgers: Ledgers, disk: Map<number, DowntimeProgress>, killAt = -1, isDone = false) {
    this.ledgers = ledgers;
    this.disk = disk;
    this.killAt = killAt;
    this.isDone = isDone;
  }

  now = () => new Date('2026-11-27T12:00:00Z');

  private async does<T>(work: () => T): Promise<T> {
    const dies = this.count === this.killAt;
    this.count += 1;
    if (dies && !this.isDone) throw new Killed();
    const answer = work();
    if (dies) throw new Killed();
    return answer;
  }

  save(number: number, progress: DowntimeProgress) {
    // Through JSON and its schema, as it is kept.
    return this.does(() => void this.disk.set(number, downtimeProgress.parse(JSON.parse(JSON.stringify(progress)))));
  }
  lookup() {
    return this.does(() => {
      const { holder, refusal, left } = this.ledgers;
      const code = holder === 'other' ? 'HELD_BY_ANOTHER' : refusal;
      return verdictOf(code === undefined ? (holder === 'own' ? 'yours' : 'acceptable') : 'refused', left, code);
    });
  }
  accept() {
    return this.does(() => {
      this.ledgers.holder = 'own';
    });
  }
  open() {
    return this.does(() => requestOf());
  }
  look() {
    return this.does(() => [
      {
        ...{ item: { kind: 'pack' as const, ...pack }, known: true, channels: ['supply-0'], contents: [], recalls: [] },
        ...{ state: this.ledgers.pack, holder: this.ledgers.holderOfPack, containers: [], excursions: 0 },
        ...{ batch: 'LOT7', expiry: '2099-06-30' },
      },
    ]);
  }
  private intent(quantity: number) {
    this.made += 1;
    const id = `disp-${String.fromCharCode(96 + this.disk.size + this.made).repeat(26)}`;
    const dispense = { id, quantity, cid: `b${'a'.repeat(58)}`, contentHash: '0'.repeat(64) };
    return { kind: 'dispense' as const, id: prescriptionId, dispense, envelope: 'AAAA' };
  }
  composePlan(made: Composing) {
    const { quantity, packs } = made;
    this.ledgers.notes.push(noteOf(made, 'K7'));
    return this.does((): { plan: DispensingPlan; packet: string } => {
      const dispense = this.intent(quantity);
      const reservation = { dispenseId: dispense.dispense.id, quantity, packs: 1, packsHash: '0'.repeat(64) };
      const reserve = { kind: 'reserve' as const, id: prescriptionId, reservation };
      const occasion = { site: '0950600013430', at: this.now(), timeZoneOffset: '+00:00' };
      return { plan: { medicine: 'Ibuprofen', reserve, dispense, chains: chainsOf(packs, occasion) }, packet: 'AAAA' };
    });
  }
  composeDispense({ quantity }: Composing) {
    return this.does(() => this.intent(quantity));
  }
  keepNote(_made: Composing, dispense: string) {
    return this.does(() => {
      if (this.ledgers.unbilled === undefined) this.ledgers.billable.push(dispense);
      return this.ledgers.unbilled;
    });
  }
  private standingOf(plan: DispensingPlan): DispensingStanding {
    const { reservation, dispenses, pack: where } = this.ledgers;
    const id = plan.reserve.reservation.dispenseId;
    const state = { active: 'waiting', decommissioned: 'out', dispensed: 'handedOver' } as const;
    const isForeign = where === 'dispensed' && !dispenses.includes(id);
    return {
      reserved: reservation === undefined ? 'none' : reservation === id ? 'own' : 'other',
      dispensed: dispenses.includes(id),
      chains: [isForeign ? { state: 'refused', code: 'WRONG_STATE' } : { state: state[where] }],
    };
  }
  standing(plan: DispensingPlan) {
    return this.does(() => this.standingOf(plan));
  }
  async carryOn(plan: DispensingPlan, packet: string | undefined) {
    const id = plan.reserve.reservation.dispenseId;
    if (packet !== undefined) await this.does(() => this.ledgers.keptPlans.add(id));
    return runDispensing(
      {
        standing: () => this.standing(plan),
        sign: (step) =>
          this.does(() => {
            const { ledgers } = this;
            if (ledgers.holder !== 'own') throw new VaultError('HELD_BY_ANOTHER', '');
            if (step.kind === 'reserve') {
              if (ledgers.reservation) throw new VaultError('ALREADY_EXISTS', '');
              if (ledgers.left < plan.reserve.reservation.quantity) throw new VaultError('QUANTITY_EXCEEDED', '');
              ledgers.reservation = id;
            } else if (step.kind === 'decommission') ledgers.pack = 'decommissioned';
            else if (step.kind === 'dispense') this.commit(id, plan.reserve.reservation.quantity);
            else if (step.kind === 'handOver') ledgers.pack = 'dispensed';
            else if (step.kind === 'undo') ledgers.pack = 'active';
            else ledgers.reservation = undefined;
          }),
        drop: () => this.drop(plan),
      },
      'finish',
    );
  }
  drop(plan: DispensingPlan) {
    return this.does(() => void this.ledgers.keptPlans.delete(plan.reserve.reservation.dispenseId));
  }
  private commit(id: string, quantity: number) {
    const { ledgers } = this;
    if (ledgers.dispenses.includes(id)) throw new VaultError('ALREADY_EXISTS', '');
    if (quantity > ledgers.left) throw new VaultError('QUANTITY_EXCEEDED', '');
    ledgers.dispenses.push(id);
    ledgers.left -= quantity;
    ledgers.reservation = undefined;
  }
  isDispensed({ dispense }: { dispense: { id: string } }) {
    return this.does(() => this.ledgers.dispenses.includes(dispense.id));
  }
  sign({ dispense }: { dispense: { id: string; quantity: number } }) {
    return this.does(() => this.commit(dispense.id, dispense.quantity));
  }
}

const withPack = () => lineOf({ packs: [pack], quantity: 24 });
const withoutPack = () => lineOf({ packs: [], quantity: 6, without: 'unserialised' });

async function run(line: DowntimeLine, ledgers: Ledgers, disk: Map<number, DowntimeProgress>, browser?: Browser) {
  const progress = disk.get(line.number) ?? line.progress;
  return reconcileLine({ ...line, progress }, browser ?? new Browser(ledgers, disk));
}

describe.each([
  ['a scanned pack', withPack, 24],
  ['what has no serial number', withoutPack, 6],
] as const)('an entry of %s', (_name, make, quantity) => {
  it('is accepted, dispensed once, and done', async () => {
    const ledgers = new Ledgers();
    expect(await run(make(), ledgers, new Map())).toMatchObject({ state: 'done' });
    expect(ledgers.dispenses).toHaveLength(1);
    expect(ledgers.left).toBe(24 - quantity);
    expect(ledgers.keptPlans.size).toBe(0);
    expect(ledgers.billable).toEqual(ledgers.dispenses);
  });

  it('is recorded, and says so, where nothing can be kept to bill it by', async () => {
    const ledgers = new Ledgers();
    ledgers.unbilled = 'The institution’s key is not here.';
    const done = await run(make(), ledgers, new Map());
    expect(done).toMatchObject({ state: 'done', unbilled: ledgers.unbilled });
    expect(ledgers.dispenses).toHaveLength(1);
  });

  it('is neither lost nor doubled, wherever the browser is killed', async () => {
    const whole = new Browser(new Ledgers(), new Map());
    await run(make(), whole.ledgers, whole.disk, whole);
    for (let at = 0; at < whole.count; at += 1) {
      for (const isDone of [false, true]) {
        const ledgers = new Ledgers();
        const disk = new Map<number, DowntimeProgress>();
        const dying = new Browser(ledgers, disk, at, isDone);
        await expect(run(make(), ledgers, disk, dying), `killed at ${at}`).rejects.toThrow(Killed);
        expect(await run(make(), ledgers, disk), `killed at ${at}, ${isDone}`).toMatchObject({ state: 'done' });
        expect(ledgers.dispenses).toHaveLength(1);
        expect(ledgers.left).toBe(24 - quantity);
        expect(ledgers.reservation).toBeUndefined();
        // What was made and never signed may have left a note besides.
        expect(ledgers.billable).toEqual(expect.arrayContaining(ledgers.dispenses));
        if (quantity === 24) expect(ledgers.pack).toBe('dispensed');
      }
    }
  });

  it.each(['EXPIRED', 'CANCELLED', 'COMPLETED', 'CODE_VOID'])(
    'stays in the list as %s, and can be tried again',
    async (code) => {
      const ledgers = new Ledgers();
      ledgers.refusal = code;
      const disk = new Map<number, DowntimeProgress>();
      expect(await run(make(), ledgers, disk)).toMatchObject({ state: 'conflict', conflict: { kind: code } });
      expect(disk.get(1)).toMatchObject({ state: 'conflict' });
      expect(ledgers.dispenses).toEqual([]);
      ledgers.refusal = undefined;
      expect(await run(make(), ledgers, disk)).toMatchObject({ state: 'done' });
      expect(disk.get(1)).not.toHaveProperty('conflict');
    },
  );

  it('is held elsewhere', async () => {
    const ledgers = new Ledgers();
    ledgers.holder = 'other';
    expect(await run(make(), ledgers, new Map())).toMatchObject({ conflict: { kind: 'HELD_BY_ANOTHER' } });
  });

  it('is more than is left until a person says that what is left is recorded', async () => {
    const ledgers = new Ledgers();
    ledgers.left = 4;
    const disk = new Map<number, DowntimeProgress>();
    const first = await run(make(), ledgers, disk);
    expect(first).toMatchObject({ conflict: { kind: 'MORE_THAN_LEFT', detail: '4' } });
    disk.set(1, { ...first, overruled: ['MORE_THAN_LEFT'] });
    expect(await run(make(), ledgers, disk)).toMatchObject({ state: 'done', recorded: 4 });
    expect(ledgers.left).toBe(0);
  });

  it('takes less where others dispensed while its own dispense was on its way', async () => {
    const ledgers = new Ledgers();
    const disk = new Map<number, DowntimeProgress>();
    const dying = new Browser(ledgers, disk);
    const { save } = dying;
    dying.save = async (number, progress) => {
      await save.call(dying, number, progress);
      if (progress.plan ?? progress.dispense) throw new Killed();
    };
    await expect(run(make(), ledgers, disk, dying)).rejects.toThrow(Killed);
    ledgers.left = 2;
    expect(await run(make(), ledgers, disk)).toMatchObject({ conflict: { kind: 'MORE_THAN_LEFT' } });
    const again = await run(make(), ledgers, disk);
    expect(again).toMatchObject({ conflict: { kind: 'MORE_THAN_LEFT', detail: '2' } });
    disk.set(1, { ...again, overruled: ['MORE_THAN_LEFT'] });
    expect(await run(make(), ledgers, disk)).toMatchObject({ state: 'done', recorded: 2 });
    expect(ledgers.dispenses).toHaveLength(1);
  });
});

describe('what is compared', () => {
  it('a pack that was dispensed before', async () => {
    const ledgers = new Ledgers();
    ledgers.pack = 'dispensed';
    const progress = await run(withPack(), ledgers, new Map());
    expect(progress).toMatchObject({ conflict: { kind: 'PACK_REFUSED' } });
    expect(progress.conflict?.detail).toContain(pack.serial);
    expect(ledgers.dispenses).toEqual([]);
  });

  it('a pack that is dispensed by another while its dispense is on its way: units are given back', async () => {
    const ledgers = new Ledgers();
    const disk = new Map<number, DowntimeProgress>();
    // Operations: lookup, accept, open, look, compose, note, save, keep, standing, reserve.
    await expect(run(withPack(), ledgers, disk, new Browser(ledgers, disk, 9, true))).rejects.toThrow(Killed);
    expect(ledgers.reservation).toBeDefined();
    ledgers.pack = 'dispensed';
    expect(await run(withPack(), ledgers, disk)).toMatchObject({ conflict: { kind: 'PACK_REFUSED' } });
    expect(ledgers).toMatchObject({ reservation: undefined, dispenses: [], left: 24 });
    expect(disk.get(1)).not.toHaveProperty('plan');
  });

  it('another person, until somebody says that it is the same', async () => {
    const ledgers = new Ledgers();
    const disk = new Map<number, DowntimeProgress>();
    const line = lineOf({ packs: [pack], quantity: 24, patient: { name: 'Jon Lind', birthDate: '1968-03-14' } });
    const first = await run(line, ledgers, disk);
    expect(first).toMatchObject({ conflict: { kind: 'PATIENT_DIFFERS', detail: 'Jonas Lind, 1968-03-14' } });
    disk.set(1, { ...first, overruled: ['PATIENT_DIFFERS'] });
    expect(await run(line, ledgers, disk)).toMatchObject({ state: 'done' });
    expect(ledgers.notes).toEqual([
      'Downtime log K7-0001: The ledgers do not answer. Written down for Jon Lind, 1968-03-14, and brought to the ledgers as the same person',
    ]);
  });

  it('forgives accents, capitals and spaces in a name', async () => {
    const line = lineOf({ packs: [pack], quantity: 24, patient: { name: ' jónas  LIND', birthDate: '1968-03-14' } });
    expect(await run(line, new Ledgers(), new Map())).toMatchObject({ state: 'done' });
  });

  it('another medicine, and a controlled one', async () => {
    const other = products.find(({ name, controlled }) => name === 'naproxen' && !controlled)?.code;
    const controlled = products.find((product) => product.controlled)?.code;
    const kindOf = async (product?: string) =>
      (await run(lineOf({ quantity: 6, without: 'opened', product }), new Ledgers(), new Map())).conflict?.kind;
    expect(await kindOf(other)).toBe('MEDICINE_DIFFERS');
    expect(await kindOf(controlled)).toBe('CONTROLLED');
  });

  it('nothing of a line that is settled', async () => {
    const ledgers = new Ledgers();
    const settled = { ...nothingYet, state: 'settled' as const };
    expect(await run({ ...withPack(), progress: settled }, ledgers, new Map())).toBe(settled);
    expect(ledgers.holder).toBeUndefined();
  });
});

it('leaves a line open while nothing answers', async () => {
  const disk = new Map<number, DowntimeProgress>();
  const browser = new Browser(new Ledgers(), disk);
  browser.lookup = async () => {
    throw new VaultError('LEDGER_UNAVAILABLE', '');
  };
  await expect(run(withPack(), browser.ledgers, disk, browser)).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
  expect(disk.size).toBe(0);
});

it('the pack of these tests holds what the prescription is of', () => {
  expect(packSize(pack.gtin)).toBe(24);
});
