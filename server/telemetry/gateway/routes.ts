import { encode } from '@ipld/dag-cbor';
import { z } from 'zod';
import { cid, patientPseudonym } from '#chaincode/model/identifiers.ts';
import { AppError } from '#server/errors.ts';
import { parseInput } from '#server/input.ts';
import { pause } from '#server/pause.ts';
import { largestCircleBlock, patientsOfBlock, requireStored, storeBlock } from '../../circles/blocks.ts';
import type { IpfsGateway } from '../../gateways/ipfs/ipfs.ts';
import { framesQuery } from '../schema.ts';
import { framesOf } from '../service.ts';
import type { CircleBook } from './circleBook.ts';
import { type CircleFileParts, circleFileOf } from './circleFile.ts';
import type { Doorkeeper } from './doorkeeper.ts';
import type { DeviceRequest, DeviceRoutes } from './https.ts';
import { circlesNoteOf } from './notes.ts';
import { deviceProposal, deviceSubmission, mostPacketBytes } from './protocol.ts';
import { deviceIntent, endorse, prepare, submit } from './signing.ts';

export interface RouteParts extends CircleFileParts {
  ipfs: IpfsGateway;
  door: Doorkeeper;
  book: CircleBook;
  /** Resolves when there may be new frames of a patient, or the signal aborts. */
  awaitFrames: (patient: string, signal: AbortSignal) => Promise<void>;
}

const ofPatient = z.object({ patient: patientPseudonym });
const waiting = z.object({ wait: z.coerce.number().min(0).max(25).default(0) });
const largestJson = 64 * 1024;
const largestSigned = 512 * 1024;

/** What a device may ask over HTTPS (`protocol.ts`). Of patients it hears only where it has a seat. */
export function deviceRoutes(parts: RouteParts): DeviceRoutes {
  const { db, ledger, ipfs, door, book } = parts;

  /** The kind of the device's seat with a patient. Throws NOT_FOUND. */
  const requireSeat = async (patient: string, device: string): Promise<string> => {
    const kind = await book.seatOf(patient, device);
    if (kind === undefined) throw new AppError('NOT_FOUND', `${device} has no seat there`);
    return kind;
  };
  const seated = async ({ device, query }: DeviceRequest): Promise<string> => {
    const { patient } = parseInput(ofPatient, { patient: query.get('patient') });
    await requireSeat(patient, device.id);
    return patient;
  };
  const frames = async (request: DeviceRequest) => {
    const query = parseInput(framesQuery, Object.fromEntries(request.query));
    const { wait } = parseInput(waiting, Object.fromEntries(request.query));
    const kind = await requireSeat(query.patient, request.device.id);
    // A sensor has nothing to do with what others measure.
    if (kind !== 'monitor') throw new AppError('NOT_FOUND', 'no monitor');
    const until = AbortSignal.any([request.signal, AbortSignal.timeout(wait * 1000)]);
    for (;;) {
      const news = parts.awaitFrames(query.patient, until);
      const found = await framesOf({ db }, query);
      if (found.length > 0 || until.aborted || wait === 0) {
        const bytes = encode(found.map(({ seq, bytes: frame }) => [seq, new Uint8Array(frame)]));
        return { type: 'application/vnd.ipld.dag-cbor', bytes };
      }
      await news;
      // Others may come with it.
      await pause(20, until);
    }
  };

  return {
    'POST /v1/frames': async ({ device, body }) => door.frames(device, await body(mostPacketBytes)),
    'POST /v1/status': async ({ device, body }) => {
      if (!door.status(device, await body(largestJson))) throw new AppError('INVALID_INPUT', 'status');
      return {};
    },
    'GET /v1/circles': ({ device }) => circlesNoteOf(db, device.id),
    'GET /v1/circle': async (request) => circleFileOf(parts, await seated(request)),
    'GET /v1/frames': frames,
    'GET /v1/blocks/': async ({ device, rest }) => {
      const named = parseInput(cid, rest);
      const patients = await patientsOfBlock(db, named);
      const kinds = await Promise.all(patients.map((patient) => book.seatOf(patient, device.id)));
      if (kinds.every((kind) => kind === undefined)) throw new AppError('NOT_FOUND', named);
      return { type: 'application/vnd.ipld.dag-cbor', bytes: await ipfs.readBlock(named) };
    },
    'PUT /v1/blocks': async (request) => {
      const patient = await seated(request);
      const bytes = await request.body(largestCircleBlock);
      return storeBlock({ db, ipfs }, { patient, by: request.device.id, bytes });
    },
    'POST /v1/transactions': async ({ device, json }) => {
      const intent = parseInput(deviceIntent, await json(largestJson));
      const patient =
        intent.kind === 'circles:commit'
          ? intent.commit.patient
          : 'plan' in intent
            ? intent.plan.patient
            : intent.place.patient;
      await requireSeat(patient, device.id);
      if (intent.kind === 'circles:commit') await requireStored({ db, ipfs }, patient, intent.commit);
      else if ('plan' in intent) await requireStored({ db, ipfs }, patient, intent.plan);
      return prepare({ ledger }, device, intent);
    },
    'POST /v1/transactions/endorsement': async ({ device, json }) =>
      endorse({ ledger }, device, parseInput(deviceProposal, await json(largestSigned))),
    'POST /v1/transactions/submission': async ({ device, json }) =>
      submit({ ledger }, device, parseInput(deviceSubmission, await json(largestSigned))),
  };
}
