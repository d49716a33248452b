import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Running, startNode } from '../service.ts';
import { type CarePlan, endorserMsps, planCare } from './carePlan.ts';
import { logDir } from './install.ts';
import { type Ledger, type LedgerName, packageIds, startDevnetLedger, startFabricLedger } from './ledger.ts';
import { type People, registerPeople } from './people.ts';
import type { Watched } from './usage.ts';

export interface ConsortiumOptions {
  ledger: LedgerName;
  chains: number;
  /** Compiled chaincode. */
  serveFile: string;
  /** Work folder; emptied first and removed after. */
  folder: string;
  note: (text: string) => void;
}

/** A running ledger with so many care chains, the project's contracts on it, and people who may act. */
export interface Consortium extends AsyncDisposable {
  plan: CarePlan;
  ledger: Ledger;
  /** Processes of the contracts. */
  served: Watched[];
  people: People;
}

export async function startConsortium(options: ConsortiumOptions): Promise<Consortium> {
  const { ledger: name, chains, folder, note } = options;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  const plan = await planCare({ chains, stateDir: join(folder, 'ledger'), orderers: name === 'fabric' ? 3 : 1 });
  note('contracts');
  const served = await startContracts(plan, options, stack);
  note('ledger');
  const ledger =
    name === 'fabric'
      ? await startFabricLedger(plan)
      : await startDevnetLedger(plan, folder, join(logDir, `devnet-${chains}.log`));
  stack.defer(ledger.stop);
  note('people');
  const people = await registerPeople(plan, ledger.gateways, chains);
  const running = stack.move();
  return { plan, ledger, served, people, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

async function startContracts(plan: CarePlan, options: ConsortiumOptions, stack: AsyncDisposableStack) {
  const ids = packageIds(options.ledger, plan);
  return Promise.all(
    endorserMsps.map(async (mspId): Promise<Watched> => {
      const running: Running = await startNode({
        ...{ name: `Contracts of ${mspId}`, args: [options.serveFile], ready: 'line', advice: 'see its log' },
        env: {
          CORE_PEER_LOCALMSPID: mspId,
          CHAINCODE_ADDRESSES: JSON.stringify(plan.addresses[mspId]),
          ...(ids[mspId] && { CHAINCODE_PACKAGE_IDS: JSON.stringify(ids[mspId]) }),
        },
        logFile: join(logDir, `contracts-${mspId}.log`),
        ...{ signal: new AbortController().signal, say: options.note },
      });
      stack.defer(running.stop);
      return { name: `chaincode ${mspId}`, pid: running.pid };
    }),
  );
}
