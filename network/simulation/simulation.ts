import { dispense } from './acts/dispensing.ts';
import { copy, counterfeit, rush } from './acts/faults.ts';
import { make } from './acts/making.ts';
import { arrive, order } from './acts/moving.ts';
import { plan } from './acts/planning.ts';
import { answerRecall, overlookRecall, startRecall } from './acts/recall.ts';
import { damage, decide, destroy, giveBack, sendBack, takeBack } from './acts/returns.ts';
import { sense } from './acts/sensing.ts';
import { Draw } from './draw.ts';
import { type Act, dayMs, midnightBefore, type SimulationState } from './state.ts';
import { type Stretch, siteOf } from './stretch.ts';
import { type Channels, Telling, type Told } from './telling.ts';
import type { World } from './world.ts';

/** What comes after all that was told before it; a recall besides stands alone. */
const behind: readonly Act['act'][] = ['recall', 'copy'];

/**
 * Lets the supply chain go on until `until`, or to the end of its day, or until something comes that must be told behind the
 * rest: what different institutions tell in one stretch hangs on nothing that another tells in it. Answers what they tell and the state
 * afterwards; the same state and time give the same.
 */
export function advance(
  world: World,
  before: SimulationState,
  until: number,
  channels: Channels,
): { state: SimulationState; told: Told } {
  const state = structuredClone(before);
  const draw = new Draw(state.random);
  const telling = new Telling(world, state, channels);
  const stretch: Stretch = { world, state, draw, telling };
  const end = Math.min(until, midnightBefore(state.clock) + dayMs);
  for (;;) {
    const index = earliest(state.agenda);
    const next = state.agenda[index];
    if (!next || next.at >= end) break;
    if (behind.includes(next.act) && telling.told.entries.size > 0) {
      state.clock = next.at;
      state.random = draw.state;
      return { state, told: telling.told };
    }
    state.agenda.splice(index, 1);
    if (!isSuspended(stretch, next)) perform(stretch, next);
    if (telling.told.recall) {
      state.clock = next.at;
      state.random = draw.state;
      return { state, told: telling.told };
    }
  }
  state.clock = end;
  state.random = draw.state;
  return { state, told: telling.told };
}

/** When something happens next. */
export function nextAt({ agenda, clock }: SimulationState): number {
  return agenda[earliest(agenda)]?.at ?? clock;
}

function earliest(agenda: readonly Act[]): number {
  let found = 0;
  for (let index = 1; index < agenda.length; index += 1)
    if ((agenda[index]?.at ?? 0) < (agenda[found]?.at ?? 0)) found = index;
  return found;
}

/** An institution that may not act does later what it has to do, but for sales, which are lost. */
function isSuspended({ world, state }: Stretch, act: Act): boolean {
  if (!('site' in act)) return false;
  // What is ordered is told by who sends it.
  const { supplier } = siteOf(world, act.site);
  const { institution } = siteOf(world, act.act === 'order' ? supplier : act.site);
  const until = state.suspended[institution];
  if (until === undefined || until <= act.at) return false;
  const isMissed = act.act === 'dispense' || act.act === 'copy';
  if (!isMissed) state.agenda.push({ ...act, at: until });
  return true;
}

function perform(stretch: Stretch, act: Act): void {
  switch (act.act) {
    case 'dawn':
      plan(stretch, act);
      break;
    case 'make':
      make(stretch, act);
      break;
    case 'order':
      order(stretch, act);
      break;
    case 'arrive':
      arrive(stretch, act);
      break;
    case 'dispense':
      dispense(stretch, act);
      break;
    case 'sense':
      sense(stretch, act);
      break;
    case 'counterfeit':
      counterfeit(stretch, act);
      break;
    case 'copy':
      copy(stretch, act);
      break;
    case 'rush':
      rush(stretch, act);
      break;
    case 'recall':
      startRecall(stretch, act);
      break;
    case 'answer':
      answerRecall(stretch, act);
      break;
    case 'overlook':
      overlookRecall(stretch, act);
      break;
    case 'damage':
      damage(stretch, act);
      break;
    case 'sendBack':
      sendBack(stretch, act);
      break;
    case 'takeBack':
      takeBack(stretch, act);
      break;
    case 'giveBack':
      giveBack(stretch, act);
      break;
    case 'destroy':
      destroy(stretch, act);
      break;
    case 'decide':
      decide(stretch, act);
      break;
  }
}
