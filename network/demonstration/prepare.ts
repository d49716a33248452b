import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { readEnv } from '#server/env.ts';
import type { Role } from '#server/people/schema.ts';
import { replaceFile } from '../processes/replaceFile.ts';
import { putBack, StepError } from '../step.ts';
import type { House } from './insurance/houses.ts';
import { demonstrationPassword, demonstrationPin, institutions, patients, staff } from './people.ts';
import type { Software } from './software.ts';

export interface DemonstrationOptions {
  /** Settings of the portal, as its process gets them. */
  settings: Record<string, string>;
  /** Profile of the connector, whose registrars admit institutions and register practitioners. */
  connectorProfile: string;
  /** Where is kept how far the preparation came; a second start finds it done. */
  file: string;
  /** Systems of institutions that are let sign; none where this is left out. */
  software?: Software;
}

export interface Demonstration {
  people: { role: Role; name: string; email: string; password: string; pin: string; institution: string }[];
  /** Link with which Mira Holm can enrol. */
  invitation: string;
  /** Addresses on Ethereum from which patients pay bills, to be filled with test coins. */
  purses: string[];
  /** Addresses that stand for institutions where payments are made. */
  houses: House[];
}

/** Rises when the demonstration has more to prepare; what is there of an older one stays, and the rest is added. */
const edition = 10;

const progress = z.object({
  /** Edition that was prepared to its end. */
  edition: z.int().default(1),
  /** Token of the open invitation, which is made last. */
  invitation: z.string().optional(),
  /** Prescriptions of the scenario, and what there is of records, that are done. */
  done: z.array(z.string()),
  purses: z.array(z.string()).default([]),
  houses: z.array(z.object({ institution: z.string(), address: z.string() })).default([]),
});
type Progress = z.infer<typeof progress>;

/**
 * Prepares the demonstration's people, prescriptions and records, once; a second start finds them there. What an interrupted start
 * did is not done again.
 */
export async function prepareDemonstration(options: DemonstrationOptions): Promise<Demonstration> {
  const settings = readEnv(options.settings);
  const kept = readProgress(options.file);
  if (kept.invitation === undefined || kept.edition < edition) {
    // Loaded only now, because the code of services and ledgers takes longer to load than everything else here.
    const { fillNetwork } = await import('./fill.ts');
    const { done } = kept;
    const note = async (key: string) => {
      done.push(key);
      await replaceFile(options.file, JSON.stringify({ edition: kept.edition, done }));
    };
    const { connectorProfile, software } = options;
    const wanted = { settings, connectorProfile, done: [...done], note, ...(software && { software }) };
    Object.assign(kept, { ...(await fillNetwork(wanted)), edition });
    await replaceFile(options.file, JSON.stringify(kept));
  }
  const { invitation, purses, houses } = kept;
  return { people: everybody(), invitation: `${settings.MEDLOOM_URL}/enrol#${invitation}`, purses, houses };
}

function everybody(): Demonstration['people'] {
  const nameOf = (institutionId: string) => institutions.find(({ id }) => id === institutionId)?.name ?? '';
  const secrets = { password: demonstrationPassword, pin: demonstrationPin };
  return [
    ...staff.map(({ role, name, email, institutionId }) => ({
      ...{ role, name, email, ...secrets },
      institution: nameOf(institutionId),
    })),
    ...patients.map(({ name, email }) => ({ role: 'patient' as const, name, email, ...secrets, institution: '' })),
  ];
}

function readProgress(file: string): Progress {
  if (!existsSync(file)) return { edition, done: [], purses: [], houses: [] };
  try {
    return progress.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const message = `The record of how far the demonstration is prepared, ${file}, is damaged.`;
    throw new StepError(message, { advice: putBack, cause: error });
  }
}
