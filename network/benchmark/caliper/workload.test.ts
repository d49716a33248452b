import { expect, it } from 'vitest';
import { prescriptionId, prescriptionIssue } from '../../../chaincode/model/records.ts';
import type { Connector, FabricRequest, Workload } from './contract.ts';
import { createRateController } from './inFlight.ts';
import { createWorkloadModule as issuing } from './issue.ts';
import { createWorkloadModule as reading } from './read.ts';

const people = {
  doctors: ['doctor-0', 'doctor-1'],
  channels: [0, 1].map((channel) => ({
    patients: [`pt-${channel}-${'a'.repeat(26)}`, `pt-${channel}-${'b'.repeat(26)}`],
    prescriptions: [`rx-${channel}-${'c'.repeat(26)}`],
  })),
};

/** The requests that a worker sends in so many transactions. */
async function requestsOf(workload: Workload, count: number): Promise<FabricRequest[]> {
  const sent: FabricRequest[] = [];
  const connector: Connector = { sendRequests: async (request) => sent.push(request) };
  await workload.initializeWorkloadModule(0, 1, 0, people, connector, undefined);
  for (let index = 0; index < count; index += 1) await workload.submitTransaction();
  await workload.cleanupWorkloadModule();
  return sent;
}

it('issues what the contract accepts, over the chains in turn, with secrets beside the arguments', async () => {
  const sent = await requestsOf(issuing(), 4);
  expect(sent.map(({ channel }) => channel)).toEqual(['care-0', 'care-1', 'care-0', 'care-1']);
  expect(sent.map(({ invokerIdentity }) => invokerIdentity)).toEqual(['doctor-0', 'doctor-0', 'doctor-1', 'doctor-1']);
  const issued = sent.map(({ contractArguments: [json] }) => prescriptionIssue.parse(JSON.parse(json ?? '')));
  expect(issued.map(({ patient }) => patient.slice(0, 6))).toEqual(['pt-0-a', 'pt-1-a', 'pt-0-b', 'pt-1-b']);
  expect(new Set(issued.map(({ id }) => id)).size).toBe(4);
  for (const [index, { transientMap, contractArguments, readOnly }] of sent.entries()) {
    expect(issued[index]?.id).toMatch(new RegExp(`^rx-${index % 2}-`));
    expect(readOnly).toBe(false);
    const secrets: Record<string, string> = JSON.parse(transientMap?.secrets ?? '');
    for (const secret of Object.values(secrets)) expect(contractArguments.join()).not.toContain(secret);
  }
});

it('reads prescriptions that are there, without submitting', async () => {
  const sent = await requestsOf(reading(), 3);
  expect(sent.map(({ contractArguments: [id] }) => prescriptionId.parse(id).slice(0, 5))).toEqual([
    'rx-0-',
    'rx-1-',
    'rx-0-',
  ]);
  expect(sent.every(({ readOnly, transientMap }) => readOnly && transientMap === undefined)).toBe(true);
});

it('refuses arguments that name nobody', async () => {
  const connector: Connector = { sendRequests: async () => undefined };
  const initialise = (given: unknown) => issuing().initializeWorkloadModule(0, 1, 0, given, connector, undefined);
  await expect(initialise({ doctors: [], channels: people.channels })).rejects.toThrow('needs doctors');
  await expect(initialise({ doctors: ['d'], channels: [{ patients: ['p'] }] })).rejects.toThrow('needs patients');
  await expect(issuing().submitTransaction()).rejects.toThrow('not initialised');
});

it('holds the next transaction back until one of the unfinished ones has ended', async () => {
  const counts = { sent: 2, done: 0 };
  const controller = createRateController(
    { getRateControlSpec: () => ({ opts: { unfinished: 2 } }), getWorkersNumber: () => 1 },
    { getTotalSubmittedTx: () => counts.sent, getTotalFinishedTx: () => counts.done },
  );
  let passed = false;
  const next = controller.applyRateControl().then(() => {
    passed = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(passed).toBe(false);
  counts.done = 1;
  await next;
  expect(passed).toBe(true);
});
