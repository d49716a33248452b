import type { ChaincodeInterface, ChaincodeResponse, ChaincodeStub } from 'fabric-shim-api';
import { LedgerError, type LedgerErrorCode, parseLedgerError } from '../model/errors.ts';
import { type Call, type Namespace, rowsBelow, type Simulation, SimulationStub } from './stub.ts';

let loaded: Promise<Record<string, ChaincodeInterface>> | undefined;

/** The real contracts, loaded when first called: fabric-shim goes into no process with the network's own protocol code. */
async function loadChaincodes(): Promise<Record<string, ChaincodeInterface>> {
  process.env.CORE_CHAINCODE_LOGGING_LEVEL = 'CRITICAL';
  const { chaincodeOf } = await import('../ledger/chaincode.ts');
  const { RegistryContract } = await import('../registry/src/contract.ts');
  const { FormularyContract } = await import('../formulary/src/contract.ts');
  const { PrescriptionsContract } = await import('../prescriptions/src/contract.ts');
  const { PatientsContract } = await import('../patients/src/contract.ts');
  const { StandingsContract } = await import('../standings/src/contract.ts');
  const { RecordsContract } = await import('../records/src/contract.ts');
  const { ConsentsContract } = await import('../consents/src/contract.ts');
  const { AccessContract } = await import('../access/src/contract.ts');
  const { CirclesContract } = await import('../circles/src/contract.ts');
  const { TelemetryContract } = await import('../telemetry/src/contract.ts');
  const { AlertsContract } = await import('../alerts/src/contract.ts');
  const { ReportsContract } = await import('../reports/src/contract.ts');
  const { TraceContract } = await import('../trace/src/contract.ts');
  const { ClaimsContract } = await import('../claims/src/contract.ts');
  const care = [PrescriptionsContract, PatientsContract, StandingsContract, RecordsContract, ConsentsContract];
  return {
    registry: chaincodeOf([RegistryContract, FormularyContract], 'registry'),
    care: chaincodeOf(
      [...care, AccessContract, CirclesContract, TelemetryContract, AlertsContract, ReportsContract],
      'care',
    ),
    supply: chaincodeOf([TraceContract, StandingsContract], 'supply'),
    claims: chaincodeOf([ClaimsContract, StandingsContract], 'claims'),
  };
}

/** What everybody on a channel sees of a transaction for ever. */
export interface PublicRecord {
  args: string[];
  result: string;
  event: string;
  writes: [string, string][];
}

export interface Endorsed {
  call: Call;
  simulation: Simulation;
  result: string;
}

export type Order = Pick<Call, 'channel' | 'contract' | 'function' | 'args' | 'caller'> &
  Partial<Pick<Call, 'transient' | 'at'>> & { peerIsMember?: boolean };

/** A network in memory: the real contracts behind fabric-shim's dispatcher, simulation, MVCC and commit. */
export class TestLedger {
  private namespaces = new Map<string, Namespace>();
  private sequence = 0;
  readonly publicRecords: PublicRecord[] = [];

  /** A ledger with the same committed state, to branch tests from one preparation. */
  clone(): TestLedger {
    const copy = new TestLedger();
    copy.namespaces = structuredClone(this.namespaces);
    copy.sequence = this.sequence;
    return copy;
  }

  namespace(channel: string, contract: string): Namespace {
    const name = `${channel}/${contract}`;
    const found = this.namespaces.get(name) ?? { state: new Map(), history: new Map(), privateData: new Map() };
    this.namespaces.set(name, found);
    return found;
  }

  private async simulate(
    call: Call,
    member: boolean,
  ): Promise<{ response: ChaincodeResponse; simulation: Simulation }> {
    const query = async (contract: string, channel: string, args: string[]) => {
      const [name = '', ...rest] = args;
      const nested = await this.simulate(
        { ...call, contract, channel, function: name, args: rest, transient: {} },
        false,
      );
      return nested.response;
    };
    loaded ??= loadChaincodes();
    const chaincode = (await loaded)[call.contract];
    if (!chaincode) throw new Error(`no contract ${call.contract}`);
    const stub = new SimulationStub(this.namespace(call.channel, call.contract), call, query, member);
    const response = await chaincode.Invoke(stub as unknown as ChaincodeStub);
    return { response, simulation: stub.simulation };
  }

  /** Simulates; throws the contract's refusal with the prefix that Fabric puts before it. */
  async endorse(order: Order): Promise<Endorsed> {
    this.sequence += 1;
    const { peerIsMember = true, ...rest } = order;
    const call: Call = {
      transient: {},
      at: new Date(),
      ...rest,
      txId: this.sequence.toString(16).padStart(64, '0'),
    };
    const { response, simulation } = await this.simulate(call, peerIsMember);
    if (response.status >= 400) throw new Error(`chaincode response ${response.status}, ${response.message}`);
    return { call, simulation, result: Buffer.from(response.payload ?? []).toString('utf8') };
  }

  /** Commits as a block of one transaction. */
  commit({ call, simulation, result }: Endorsed): 'VALID' | 'MVCC_READ_CONFLICT' | 'PHANTOM_READ_CONFLICT' {
    const namespace = this.namespace(call.channel, call.contract);
    for (const [key, version] of simulation.reads) {
      if ((namespace.state.get(key)?.version ?? 0) !== version) return 'MVCC_READ_CONFLICT';
    }
    for (const [prefix, rows] of simulation.ranges) {
      if (rowsBelow(namespace, prefix) !== rows) return 'PHANTOM_READ_CONFLICT';
    }
    for (const [key, version] of simulation.privateReads) {
      if ((namespace.privateData.get(key)?.version ?? 0) !== version) return 'MVCC_READ_CONFLICT';
    }
    this.sequence += 1;
    for (const [key, value] of simulation.writes) {
      if (value) namespace.state.set(key, { value, version: this.sequence });
      else namespace.state.delete(key);
      const entries = namespace.history.get(key) ?? [];
      if (value) namespace.history.set(key, [...entries, { txId: call.txId, at: call.at, value }]);
    }
    for (const [key, value] of simulation.privateWrites) {
      if (value) namespace.privateData.set(key, { value, version: this.sequence });
      else namespace.privateData.delete(key);
    }
    this.publicRecords.push({
      args: [call.function, ...call.args],
      result,
      event: simulation.event ? `${simulation.event.name} ${Buffer.from(simulation.event.payload)}` : '',
      writes: [...simulation.writes].map(([key, value]) => [key, Buffer.from(value ?? []).toString('utf8')]),
    });
    return 'VALID';
  }

  async submit(order: Order): Promise<Endorsed> {
    const endorsed = await this.endorse(order);
    const code = this.commit(endorsed);
    if (code !== 'VALID') throw new Error(code);
    return endorsed;
  }

  /** Evaluates and parses the answer. */
  async evaluate<T>(order: Order): Promise<T> {
    return JSON.parse((await this.endorse(order)).result);
  }
}

/** The code with which a call is refused; throws where it is not, or without a code. */
export async function refusal(call: Promise<unknown>): Promise<LedgerErrorCode> {
  try {
    await call;
  } catch (error) {
    const refused = error instanceof Error ? parseLedgerError(error.message) : undefined;
    if (!refused) throw error;
    return refused.code;
  }
  throw new Error('the call was not refused');
}

/** The code that a pure function throws. */
export function thrownCode(act: () => unknown): LedgerErrorCode | undefined {
  try {
    act();
  } catch (error) {
    if (error instanceof LedgerError) return error.code;
    throw error;
  }
  return undefined;
}
