/** What a round's workload is given by the benchmark: who calls, on which chains, about whom. */
export interface WorkloadArguments {
  /** Names of registered doctors in the connector's configuration. */
  doctors: string[];
  /** For each care channel in turn, from `care-0` on: registered patients and prescriptions that are there to be read. */
  channels: { patients: string[]; prescriptions: string[] }[];
}

/** Reads what Caliper hands on from the benchmark's own configuration. Throws where it is not that. */
export function parseArguments(value: unknown): WorkloadArguments {
  if (!isRecord(value) || !isStrings(value.doctors) || !Array.isArray(value.channels))
    throw new Error('The workload needs doctors and channels.');
  const channels = value.channels.map((channel: unknown) => {
    if (!isRecord(channel) || !isStrings(channel.patients) || !isStrings(channel.prescriptions))
      throw new Error('A channel of the workload needs patients and prescriptions.');
    return { patients: channel.patients, prescriptions: channel.prescriptions };
  });
  if (value.doctors.length === 0 || channels.length === 0) throw new Error('The workload needs doctors and channels.');
  return { doctors: value.doctors, channels };
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isStrings = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

/** The item whose turn it is, over and over. Throws where there are none. */
export function inTurn<T>(items: readonly T[], turn: number): T {
  const item = items[turn % items.length];
  if (item === undefined) throw new Error('The workload has nothing to choose from.');
  return item;
}
