import type { DispenseArgument, Prescription, Release } from '../../model/prescription.ts';
import { isCancelOpen } from '../../model/prescriptionTerms.ts';
import type { Identity } from '../identity.ts';
import { bytesOf, dispenseOf, packedDispenseOf, redeemKeyOf, reservationOf, secretsOf } from '../samples.ts';
import type { World } from '../world.ts';
import type { Draw } from './draw.ts';
import type { Pharmacist } from './pharmacies.ts';

/** One call of somebody on a prescription. */
export interface RaceCall {
  /** The prescription's. */
  id: string;
  who: Identity;
  /** Of a pharmacist. */
  institution?: string;
  name: string;
  args: string[];
  transient: Record<string, Uint8Array>;
}

/** Dispenses that any prescription may be asked to take, and those of each alone: few, so that some are asked for again. */
const sharedDispenses = 12;
const ownDispenses = 6;

/** What a holder wraps for another pharmacy. */
export const transferWrapOf = (institution: string) => `wrapped-for-${institution}`;

/** What is to be expected of a prescription in a state. */
function kindOf({ holder, reservation, transfer, cancelRequest }: Prescription) {
  if (!holder) return 'free';
  if (reservation) return 'reserved';
  if (transfer) return 'offered';
  return isCancelOpen(cancelRequest) ? 'disputed' : 'held';
}

/** Makes calls of pharmacies, doctor and patient: three in four as the state suggests, the others whatever that is. */
export class RaceCalls {
  readonly #next: Draw;
  readonly #world: World;
  readonly #staff: Pharmacist[];
  /** The number of each access code, by the hash that stands on the ledger. */
  readonly #codes = new Map<string, number>();
  /** The number that a prescription was issued with. */
  readonly #numbers = new Map<string, number>();
  #codesMade = 0;

  constructor(next: Draw, world: World, staff: Pharmacist[]) {
    if (staff.length === 0) throw new Error('there is no pharmacy');
    this.#next = next;
    this.#world = world;
    this.#staff = staff;
  }

  /** Says with which number a prescription was issued, of which its access code is. */
  issued(id: string, number: number): void {
    this.#numbers.set(id, number);
    this.#codes.set(redeemKeyOf(number).hash, number);
  }

  /** The release of the access code that counts. */
  releaseOf({ redeemHash }: Prescription): Release {
    const { codeWrap, releaseShare } = secretsOf(`${this.#codes.get(redeemHash)}`);
    return { codeWrap, releaseShare };
  }

  #anyone(): Pharmacist {
    const found = this.#staff[this.#next(this.#staff.length)];
    if (!found) throw new Error('there is no pharmacy');
    return found;
  }

  /** A number of a dispense: of the own few that nobody else uses, or of those that others may have used. */
  #dispenseNumber(id: string): number {
    if (this.#next(4) === 0) return 1 + this.#next(sharedDispenses);
    return 1_000 + (this.#numbers.get(id) ?? 0) * ownDispenses + this.#next(ownDispenses);
  }

  /** The next call on a prescription that is known in this state. */
  on(state: Prescription): RaceCall {
    const next = this.#next;
    const { id, reservation } = state;
    const { doctor, patient } = this.#world.people;
    const any = this.#anyone();
    const find = (institution?: string) => this.#staff.find((pharmacist) => pharmacist.institution === institution);
    const acting = (next(8) > 0 ? find(state.holder?.institutionId) : undefined) ?? any;
    const offered = find(state.transfer?.to) ?? any;
    const quantity = 1 + next(6);
    const number = this.#dispenseNumber(id);
    const call = (who: Identity, name: string, args: string[] = [], transient: RaceCall['transient'] = {}) => ({
      ...{ id, who, name, args: [id, ...args], transient },
    });
    const by = (who: Pharmacist, ...of: [string, string[]?, RaceCall['transient']?]): RaceCall => ({
      ...{ ...call(who.identity, ...of), institution: who.institution },
    });
    const redeemKey = redeemKeyOf(this.#codes.get(state.redeemHash) ?? 0).key;
    const accept = () => by(any, 'accept', [], { redeemKey });
    const handOver = (dispense: DispenseArgument) => by(acting, 'dispense', [JSON.stringify(dispense)]);
    const dispense = () => handOver(dispenseOf(number, quantity));
    const complete = () =>
      reservation
        ? handOver({ ...packedDispenseOf(number, reservation.quantity), id: reservation.dispenseId })
        : dispense();
    const again = () => {
      const last = state.dispenses.at(-1)?.id;
      return handOver({ ...dispenseOf(number, quantity), ...(last !== undefined && { id: last }) });
    };
    const reserve = () => by(acting, 'reserve', [JSON.stringify(reservationOf(number, quantity))]);
    const release = () => by(acting, 'releaseReservation', [reservation?.dispenseId ?? dispenseOf(number, 1).id]);
    const giveBack = () => by(acting, 'return');
    const offer = () =>
      by(acting, 'offerTransfer', [JSON.stringify({ to: any.institution })], {
        transferWrap: Buffer.from(transferWrapOf(any.institution)),
      });
    const takeOffer = () => by(next(3) > 0 ? offered : any, 'acceptTransfer');
    const withdraw = () => by(acting, 'withdrawTransfer');
    const refuseOffer = () => call(patient, 'refuseTransfer');
    const askCancel = () => call(next(2) > 0 ? doctor : patient, 'requestCancel', ['not wanted']);
    const answer = () => by(acting, 'answerCancel', [next(3) > 0 ? 'refuse' : 'cancel', 'as asked']);
    const cancel = () => call(next(2) > 0 ? doctor : patient, 'cancel', ['wrong dose']);
    const close = () => by(acting, 'close', ['not needed']);
    const code = () => (state.codeValid ? call(patient, 'voidCode') : this.#renewCode(call));
    const steps = {
      anything: [
        ...[accept, dispense, again, complete, reserve, release, giveBack, offer, takeOffer, withdraw, refuseOffer],
        ...[askCancel, answer, cancel, close, code],
      ],
      free: [accept, accept, accept, accept, accept, cancel, code, ...(state.codeValid ? [] : [code, code, code])],
      held: [dispense, dispense, dispense, again, reserve, reserve, offer, giveBack, askCancel, accept, accept],
      reserved: [complete, complete, complete, dispense, release, askCancel, accept],
      offered: [takeOffer, takeOffer, withdraw, refuseOffer, dispense, askCancel, accept],
      disputed: [answer, answer, dispense, giveBack, accept],
    };
    const kind = next(4) > 0 ? kindOf(state) : 'anything';
    const list = steps[kind];
    return (list[next(list.length)] ?? accept)();
  }

  #renewCode(call: (who: Identity, name: string, args: string[], transient: RaceCall['transient']) => RaceCall) {
    this.#codesMade += 1;
    const number = 1_000_000_000 + this.#codesMade;
    const { hash } = redeemKeyOf(number);
    this.#codes.set(hash, number);
    const { codeWrap, releaseShare } = secretsOf(`${number}`);
    return call(this.#world.people.patient, 'renewCode', [hash], { secrets: bytesOf({ codeWrap, releaseShare }) });
  }
}
