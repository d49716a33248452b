import { parentPort } from 'node:worker_threads';
import { z } from 'zod';
import { createEnrolment } from '#crypto/enrolment.ts';

const request = z.object({ password: z.string(), commonName: z.string() });

parentPort?.on('message', async (message: unknown) => {
  parentPort?.postMessage(await createEnrolment(request.parse(message)));
});
