import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VaultError } from '#components/vault/errors.ts';
import type { ChainState } from '#server/dispensing/schema.ts';
import type { Step, Wish } from './packSteps.ts';
import { type DispensingPort, runDispensing } from './runDispensing.ts';

type Pack = 'active' | 'decommissioned' | 'dispensed';

/** Care and two supply channels, as far as their contracts matter to one dispense of 20 of 60 units. */
class Ledgers {
  left = 60;
  reservation: 'own' | 'other' | undefined;
  dispenses = 0;
  kept = true;
  packs: Pack[] = ['active', 'active'];
  recalled = [false, false];
  /** Decisions about the events of each chain, made once. */
  decommissions: ('accepted' | 'refused' | undefined)[] = [undefined, undefined];
  handOvers: ('accepted' | 'refused' | undefined)[] = [undefined, undefined];
  undone = [false, false];
  /** What was submitted and is not decided: the portal knows of it, whichever browser asks. */
  limbo: { decide(): unknown; asked: boolean } | undefined;

  stateOf(chain: number): ChainState {
    const handOver = this.handOvers[chain];
    if (handOver) return handOver === 'accepted' ? 'handedOver' : 'withheld';
    if (this.undone[chain]) return 'undone';
    const decommission = this.decommissions[chain];
    if (decommission === undefined) return 'waiting';
    if (decommission === 'refused') return 'refused';
    return this.recalled[chain] ? 'stuck' : 'out';
  }

  commit(step: Step): void {
    const wrong = (code: string) => new VaultError(code, code);
    switch (step.kind) {
      case 'reserve':
        if (this.dispenses > 0 || this.reservation === 'own') throw wrong('ALREADY_EXISTS');
        if (this.reservation) throw wrong('WRONG_STATE');
        this.reservation = 'own';
        return;
      case 'release':
        if (this.reservation !== 'own') throw wrong('NOT_FOUND');
        this.reservation = undefined;
        return;
      case 'dispense':
        if (this.dispenses > 0) throw wrong('ALREADY_EXISTS');
        if (this.left - 20 < (this.reservation === 'other' ? 50 : 0)) throw wrong('QUANTITY_EXCEEDED');
        this.dispenses += 1;
        this.left -= 20;
        if (this.reservation === 'own') this.reservation = undefined;
        return;
      case 'decommission': {
        // The same event again changes nothing.
        if (this.decommissions[step.chain]) return;
        const usable = this.packs[step.chain] === 'active' && !this.recalled[step.chain];
        this.decommissions[step.chain] = usable ? 'accepted' : 'refused';
        if (usable) this.packs[step.chain] = 'decommissioned';
        return;
      }
      case 'handOver': {
        if (this.handOvers[step.chain]) return;
        const usable = this.packs[step.chain] !== 'dispensed' && !this.recalled[step.chain];
        this.handOvers[step.chain] = usable ? 'accepted' : 'refused';
        if (usable) this.packs[step.chain] = 'dispensed';
        return;
      }
      case 'undo':
        if (this.packs[step.chain] !== 'decommissioned' || this.recalled[step.chain]) return;
        this.packs[step.chain] = 'active';
        this.undone[step.chain] = true;
    }
  }
}

/** How a signature goes wrong: not sent; done and its answer lost; submitted and undecided for a while, then done or not. */
type Fault = 'unsent' | 'lost' | 'lateDone' | 'lateVoid';
const faults: Fault[] = ['unsent', 'lost', 'lateDone', 'lateVoid'];

/** One browser after the other; what is in limbo is decided after the ledgers were asked about it once. */
class Browser implements DispensingPort {
  readonly ledgers: Ledgers;
  readonly signed: string[] = [];
  faultAt = -1;
  fault: Fault = 'unsent';
  /** Happens just before the signature of that number. */
  meanwhile: { at: number; act: () => void } | undefined;

  constructor(ledgers: Ledgers) {
    this.ledgers = ledgers;
  }

  async standing() {
    const { limbo } = this.ledgers;
    if (limbo && !limbo.asked) {
      limbo.asked = true;
      throw new VaultError('LEDGER_UNDECIDED', '');
    }
    limbo?.decide();
    this.ledgers.limbo = undefined;
    const { reservation, dispenses, packs } = this.ledgers;
    return {
      reserved: reservation ?? ('none' as const),
      dispensed: dispenses > 0,
      chains: packs.map((_, chain) => ({ state: this.ledgers.stateOf(chain) })),
    };
  }

  async sign(step: Step) {
    const number = this.signed.push('chain' in step ? `${step.kind} ${step.chain}` : step.kind) - 1;
    if (this.meanwhile?.at === number) this.meanwhile.act();
    if (number !== this.faultAt) return this.ledgers.commit(step);
    if (this.fault === 'lost') this.ledgers.commit(step);
    if (this.fault === 'lateDone' || this.fault === 'lateVoid') {
      this.ledgers.limbo = { decide: () => this.fault === 'lateDone' && this.late(step), asked: false };
    }
    throw new VaultError('OFFLINE', 'The browser goes away.');
  }

  private late(step: Step): void {
    try {
      this.ledgers.commit(step);
    } catch (error) {
      // Refused in its block: it changed nothing.
      if (!(error instanceof VaultError)) throw error;
    }
  }

  async drop() {
    if (this.ledgers.reservation === 'own') throw new VaultError('WRONG_STATE', 'reserved');
    this.ledgers.kept = false;
  }
}

const attempt = (browser: Browser, wish: Wish) => runDispensing(browser, wish).catch((error: VaultError) => error.code);

/** Comes back until there is nothing more to do. */
async function comeBack(browser: Browser, wish: Wish): Promise<void> {
  for (let times = 0; browser.ledgers.kept; times += 1) {
    expect(times, `stuck after ${browser.signed.join(', ')}`).toBeLessThan(6);
    await attempt(browser, wish);
  }
}

const whole = ['reserve', 'decommission 0', 'decommission 1', 'dispense', 'handOver 0', 'handOver 1'];

function expectDispensed({ left, reservation, dispenses, packs }: Ledgers): void {
  expect({ left, reservation, dispenses, packs }).toEqual({
    ...{ left: 40, reservation: undefined, dispenses: 1, packs: ['dispensed', 'dispensed'] },
  });
}

function expectUntouched({ left, reservation, dispenses, packs }: Ledgers): void {
  expect({ left, reservation, dispenses, packs }).toEqual({
    ...{ left: 60, reservation: undefined, dispenses: 0, packs: ['active', 'active'] },
  });
}

describe('a dispense of packs', () => {
  it('takes its steps in order and forgets itself', async () => {
    const browser = new Browser(new Ledgers());
    expect(await runDispensing(browser, 'finish')).toMatchObject({ kind: 'done' });
    expect(browser.signed).toEqual(whole);
    expectDispensed(browser.ledgers);
    expect(browser.ledgers.kept).toBe(false);
  });

  const interruptions = whole.flatMap((step, faultAt) => faults.map((fault) => ({ step, faultAt, fault })));

  it.each(interruptions)('goes on where it stopped: $step $fault', async ({ faultAt, fault }) => {
    const browser = Object.assign(new Browser(new Ledgers()), { faultAt, fault });
    expect(await attempt(browser, 'finish')).toBe('OFFLINE');
    await comeBack(browser, 'finish');
    expectDispensed(browser.ledgers);
  });

  it.each(interruptions)(
    'is taken back where it stopped, until it is dispensed: $step $fault',
    async (interruption) => {
      const { faultAt, fault } = interruption;
      const browser = Object.assign(new Browser(new Ledgers()), { faultAt, fault });
      await attempt(browser, 'finish');
      await comeBack(browser, 'takeBack');
      if (browser.ledgers.dispenses > 0) expectDispensed(browser.ledgers);
      else expectUntouched(browser.ledgers);
      const dispensed = faultAt > 3 || (faultAt === 3 && (fault === 'lost' || fault === 'lateDone'));
      expect(browser.ledgers.dispenses).toBe(dispensed ? 1 : 0);
    },
  );

  it('is never stuck and never doubled, whatever stops it how often, and whichever way the pharmacist decides', async () => {
    const run = fc.record({
      faultAt: fc.integer({ min: -1, max: 8 }),
      fault: fc.constantFrom(...faults),
      wish: fc.constantFrom<Wish>('finish', 'finish', 'takeBack'),
    });
    const endings = new Set<number>();
    await fc.assert(
      fc.asyncProperty(
        fc.array(run, { maxLength: 6 }),
        fc.constantFrom<Wish>('finish', 'takeBack'),
        async (runs, wish) => {
          const ledgers = new Ledgers();
          for (const { wish: now, ...fault } of runs) {
            if (ledgers.kept) await attempt(Object.assign(new Browser(ledgers), fault), now);
          }
          await comeBack(new Browser(ledgers), wish);
          endings.add(ledgers.dispenses);
          if (ledgers.dispenses > 0) expectDispensed(ledgers);
          else expectUntouched(ledgers);
        },
      ),
    );
    expect([...endings].sort()).toEqual([0, 1]);
  });
});

describe('a dispense of packs that comes to nothing', () => {
  it('is taken back where one pack was sold as a copy meanwhile', async () => {
    const browser = new Browser(new Ledgers());
    const { ledgers } = browser;
    const sell = () => {
      ledgers.packs[1] = 'dispensed';
    };
    browser.meanwhile = { at: 2, act: sell };
    expect(await runDispensing(browser, 'finish')).toMatchObject({
      kind: 'takenBack',
      standing: { chains: [{ state: 'undone' }, { state: 'refused' }] },
    });
    expect([ledgers.left, ledgers.reservation, ledgers.packs[0]]).toEqual([60, undefined, 'active']);
  });

  it('leaves a pack out that was recalled in between, and dispenses nothing', async () => {
    const browser = new Browser(new Ledgers());
    const { ledgers } = browser;
    browser.meanwhile = {
      at: 2,
      act: () => {
        ledgers.recalled[0] = true;
      },
    };
    expect(await runDispensing(browser, 'finish')).toMatchObject({
      kind: 'takenBack',
      standing: { chains: [{ state: 'stuck' }, { state: 'undone' }] },
    });
    expect([ledgers.left, ledgers.dispenses, ledgers.reservation]).toEqual([60, 0, undefined]);
  });

  it('says what was not recorded of the hand-over after it was dispensed', async () => {
    const browser = new Browser(new Ledgers());
    browser.meanwhile = {
      at: 4,
      act: () => {
        browser.ledgers.recalled[0] = true;
      },
    };
    expect(await runDispensing(browser, 'finish')).toMatchObject({
      kind: 'done',
      standing: { chains: [{ state: 'withheld' }, { state: 'handedOver' }] },
    });
  });

  it('begins anew what a colleague released, and gives way to what a colleague reserved', async () => {
    const browser = new Browser(new Ledgers());
    browser.meanwhile = {
      at: 3,
      act: () => {
        browser.ledgers.reservation = undefined;
      },
    };
    await runDispensing(browser, 'finish');
    expectDispensed(browser.ledgers);

    const other = new Browser(new Ledgers());
    other.meanwhile = {
      at: 2,
      act: () => {
        other.ledgers.reservation = 'other';
      },
    };
    expect(await runDispensing(other, 'finish')).toMatchObject({ kind: 'takenBack' });
    expect([other.ledgers.packs, other.ledgers.left]).toEqual([['active', 'active'], 60]);
  });

  it('is told where a ledger refuses for good', async () => {
    const browser = new Browser(new Ledgers());
    const refuse = () => Promise.reject(new VaultError('SUSPENDED', ''));
    const port = { standing: () => browser.standing(), drop: () => browser.drop(), sign: refuse };
    await expect(runDispensing(port, 'finish')).rejects.toMatchObject({ code: 'SUSPENDED' });
    const wrong = () => Promise.reject(new VaultError('WRONG_STATE', ''));
    await expect(runDispensing({ ...port, sign: wrong }, 'finish')).rejects.toMatchObject({ code: 'WRONG_STATE' });
  });
});
