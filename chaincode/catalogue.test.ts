import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { AccessContract } from './access/src/contract.ts';
import { AlertsContract } from './alerts/src/contract.ts';
import { CirclesContract } from './circles/src/contract.ts';
import { ClaimsContract } from './claims/src/contract.ts';
import { ConsentsContract } from './consents/src/contract.ts';
import { FormularyContract } from './formulary/src/contract.ts';
import { emergencyLevels, reviewOutcomes } from './model/access.ts';
import { reportStates } from './model/adverseReport.ts';
import { alertStates } from './model/alert.ts';
import { seatStates } from './model/circle.ts';
import { claimStates } from './model/claim.ts';
import { requestStates } from './model/consent.ts';
import { formularyStates, shortageStates } from './model/formulary.ts';
import { storedDocument } from './model/healthRecord.ts';
import { planHead } from './model/plan.ts';
import { authorisationRecord, policyStates } from './model/policy.ts';
import { prescriptionStates } from './model/prescription.ts';
import { packStates } from './model/trace.ts';
import { PatientsContract } from './patients/src/contract.ts';
import { PrescriptionsContract } from './prescriptions/src/contract.ts';
import { RecordsContract } from './records/src/contract.ts';
import { RegistryContract } from './registry/src/contract.ts';
import { ReportsContract } from './reports/src/contract.ts';
import { StandingsContract } from './standings/src/contract.ts';
import { TelemetryContract } from './telemetry/src/contract.ts';
import { TraceContract } from './trace/src/contract.ts';

// The decorators log at the level that is set when they are loaded.
vi.hoisted(() => {
  process.env.CORE_CHAINCODE_LOGGING_LEVEL = 'CRITICAL';
});

const document = (name: string) => readFileSync(new URL(`../docs/${name}`, import.meta.url), 'utf8');
interface Described {
  name: string;
  tag: string[];
  parameters: { name: string }[];
}
const functionsOf = (contract: object): Described[] => Reflect.getMetadata('fabric:transactions', contract);

/** Contracts with what is put before their functions in a call. */
const contracts: [called: string, contract: object][] = [
  ['', new RegistryContract()],
  ['formulary:', new FormularyContract()],
  ['', new PrescriptionsContract()],
  ['patients:', new PatientsContract()],
  ['standings:', new StandingsContract()],
  ['records:', new RecordsContract()],
  ['consents:', new ConsentsContract()],
  ['access:', new AccessContract()],
  ['circles:', new CirclesContract()],
  ['telemetry:', new TelemetryContract()],
  ['alerts:', new AlertsContract()],
  ['reports:', new ReportsContract()],
  ['', new TraceContract()],
  ['claims:', new ClaimsContract()],
];

it.each(contracts)('the catalogue names every function of %s%o with its arguments', (called, contract) => {
  const catalogue = document('transactions.md');
  const described = functionsOf(contract);
  expect(described.length).toBeGreaterThan(1);
  for (const { name, parameters } of described) {
    const call = new RegExp(`^\\| \`${called}${name}\\(([^)]*)\\)\``, 'm').exec(catalogue);
    expect(call, `${called}${name} is missing`).not.toBeNull();
    expect(call?.[1]?.split(', ').filter(Boolean), name).toHaveLength(parameters.length);
  }
});

it('reads are marked as evaluations, writes as submissions', () => {
  const reads = /^(read|list|find|history|verify$|mine$|mayRelease$)/;
  for (const { name, tag } of contracts.flatMap(([, contract]) => functionsOf(contract))) {
    expect(tag.includes('EVALUATE'), name).toBe(reads.test(name));
  }
});

it('every state has its standard name', () => {
  const states = document('states.md');
  const consents = ['active', 'revoked', ...requestStates];
  const documents = storedDocument.shape.state.options;
  const emergencies = [...emergencyLevels, ...reviewOutcomes];
  const monitoring = [...seatStates, ...alertStates];
  const formulary = [...formularyStates, ...shortageStates, ...reportStates];
  const insurance = [...policyStates, ...claimStates, ...planHead.shape.state.options];
  const cards = authorisationRecord.shape.state.options;
  const stored = [...prescriptionStates, ...consents, ...documents, ...emergencies, ...packStates];
  for (const state of [...stored, ...monitoring, ...formulary, ...insurance, ...cards])
    expect(states).toMatch(new RegExp(`^\\| \`${state}\``, 'm'));
});
