import { z } from 'zod';
import { patientPseudonym } from '#chaincode/model/identifiers.ts';
import type { StateFolder } from './folder.ts';

const shape = z.object({ patient: patientPseudonym });
const name = 'patient.json';

/** Whose a device was when it was last told, so that it goes on without a connection. */
export const readWearer = async (folder: StateFolder): Promise<string | undefined> =>
  (await folder.readJson(name, shape))?.patient;

export const writeWearer = (folder: StateFolder, patient: string): Promise<void> => folder.writeJson(name, { patient });
